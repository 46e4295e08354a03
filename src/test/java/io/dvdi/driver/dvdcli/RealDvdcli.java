// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.driver.plugin.StandInPlugin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The real program, and a stand-in plugin where it looks for one. */
final class RealDvdcli implements Dvdcli {
  private static final Path RUN = Path.of("/run");

  private final Path program;
  private final StandInPlugin plugin;

  RealDvdcli(Path program) throws Exception {
    this.program = program;
    // It looks nowhere else; the tests' JVM has a mount namespace of its own.
    mount("mount", "-t", "tmpfs", "tmpfs", RUN.toString());
    this.plugin =
        new StandInPlugin(
            Files.createDirectories(RUN.resolve("docker/plugins")).resolve("stand-in.sock"));
  }

  private static void mount(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  @Override
  public Path program() {
    return program;
  }

  @Override
  public void has(String volume) {
    plugin.volumes.add(volume);
  }

  @Override
  public void mountFails(String error) {
    plugin.on("Mount", StandInPlugin.json(500, "{\"Err\":\"" + error + "\"}"));
  }

  @Override
  public void mountsAt(String mountpoint) {
    plugin.on("Mount", StandInPlugin.json(200, "{\"Mountpoint\":\"" + mountpoint + "\"}"));
  }

  @Override
  public void getFails() {
    plugin.on("Get", StandInPlugin.json(500, "{\"Err\":\"out of order\"}"));
  }

  @Override
  public void listFails() {
    plugin.on("List", StandInPlugin.json(500, "{\"Err\":\"out of order\"}"));
  }

  @Override
  public void unmountFails(String error) {
    plugin.on("Unmount", StandInPlugin.json(500, "{\"Err\":\"" + error + "\"}"));
  }

  @Override
  public void mountHangs() {
    plugin.on("Mount", plugin.hang());
  }

  @Override
  public List<String> changes() {
    Set<String> changing = Set.of("Create", "Mount", "Unmount");
    return plugin.methods().stream().filter(changing::contains).toList();
  }

  @Override
  public void close() throws Exception {
    plugin.close();
    mount("umount", RUN.toString());
  }
}
