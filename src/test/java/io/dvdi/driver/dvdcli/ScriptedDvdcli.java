// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import static java.util.Objects.requireNonNull;

import io.dvdi.testing.Eventually;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A script with the output, the words and the exit statuses of the real program, and the plugin's
 * in files beside it.
 */
final class ScriptedDvdcli implements Dvdcli {
  private final Path folder;

  ScriptedDvdcli(Path folder) throws Exception {
    this.folder = folder;
    Files.createDirectories(folder.resolve("volumes"));
    try (InputStream script =
        requireNonNull(getClass().getResourceAsStream("scripted-dvdcli.sh"))) {
      Files.copy(script, program());
    }
    Files.setPosixFilePermissions(program(), PosixFilePermissions.fromString("rwx------"));
  }

  @Override
  public Path program() {
    return folder.resolve("dvdcli");
  }

  /** Its arguments, call by call. */
  List<String> arguments() throws Exception {
    return Files.readAllLines(folder.resolve("arguments"));
  }

  /** Puts something else in the place of the program. */
  void becomes(String script) throws Exception {
    Files.writeString(
        program(), "#!/bin/sh\n" + script + "\n", StandardOpenOption.TRUNCATE_EXISTING);
  }

  private void file(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
  }

  @Override
  public void has(String volume) throws Exception {
    file("volumes/" + volume, "");
  }

  @Override
  public void mountFails(String error) throws Exception {
    file("mount-fails", error);
  }

  @Override
  public void mountsAt(String mountpoint) throws Exception {
    file("mountpoint", mountpoint);
  }

  @Override
  public void getFails() throws Exception {
    file("get-fails", "");
  }

  @Override
  public void listFails() throws Exception {
    file("list-fails", "");
  }

  @Override
  public void unmountFails(String error) throws Exception {
    file("unmount-fails", error);
  }

  @Override
  public void mountHangs() throws Exception {
    file("mount-hangs", "");
  }

  @Override
  public void hangingEnds() throws Exception {
    Path child = folder.resolve("child");
    Eventually.holds("a mount hangs", () -> Files.exists(child));
    boolean unused =
        ProcessHandle.of(Long.parseLong(Files.readString(child).strip()))
            .orElseThrow()
            .destroyForcibly();
  }

  @Override
  public void pluginIsMissing() throws Exception {
    file("plugin-missing", "");
  }

  @Override
  public void pluginIsDead() throws Exception {
    file("plugin-dead", "");
  }

  @Override
  public void pluginIsNoVolumeDriver() throws Exception {
    file("no-volume-driver", "");
  }

  @Override
  public void pluginHasJsonSpec() throws Exception {
    file("json-spec", "");
  }

  @Override
  public List<String> changes() throws Exception {
    Path changes = folder.resolve("changes");
    return Files.exists(changes) ? Files.readAllLines(changes) : List.of();
  }

  @Override
  public void close() {}
}
