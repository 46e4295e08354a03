// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import io.dvdi.driver.plugin.StandInPlugin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The real program, and a stand-in plugin where it looks for one. */
final class RealDvdcli implements Dvdcli {
  private final Path program;
  private final PluginFolderOfTheHost folder = new PluginFolderOfTheHost();
  private final StandInPlugin plugin;

  RealDvdcli(Path program) throws Exception {
    this.program = program;
    this.plugin = new StandInPlugin(folder.socket("stand-in"));
    plugin.on(
        "Path",
        (request, out) -> out.write(StandInPlugin.json(200, "{\"Mountpoint\":\"/mnt/data\"}")));
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
    plugin.on("Path", StandInPlugin.json(200, "{\"Mountpoint\":\"" + mountpoint + "\"}"));
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
  public void hangingEnds() throws Exception {
    plugin.kill();
  }

  @Override
  public void pluginIsMissing() throws Exception {
    plugin.close();
  }

  @Override
  public void pluginIsDead() throws Exception {
    plugin.kill();
  }

  @Override
  public void pluginIsNoVolumeDriver() {
    plugin.on("Plugin.Activate", StandInPlugin.json(200, "{\"Implements\":[\"NetworkDriver\"]}"));
  }

  @Override
  public void pluginHasJsonSpec() throws Exception {
    plugin.close();
    Files.writeString(
        folder.spec("stand-in.json"), "{\"Name\":\"stand-in\",\"Addr\":\"tcp://127.0.0.1:1\"}");
  }

  @Override
  public List<String> changes() {
    Set<String> changing = Set.of("Create", "Mount", "Unmount");
    return plugin.methods().stream().filter(changing::contains).toList();
  }

  @Override
  public void close() throws Exception {
    plugin.close();
    folder.close();
  }
}
