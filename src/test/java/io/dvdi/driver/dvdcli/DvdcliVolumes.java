// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import io.dvdi.driver.plugin.Rclone;
import io.dvdi.testing.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dvdcli whose volumes are really mounted: the real program with rclone behind it, or the script,
 * which binds what it would ask rclone for.
 */
public final class DvdcliVolumes {
  private final Path folder;
  private final Path store;
  private final Path program;
  private final @Nullable PluginFolderOfTheHost plugins;
  private final @Nullable Rclone rclone;

  /**
   * @param driver the name by which tasks ask for the volumes
   * @param folder for programs and mountpoints
   * @param store for the files of volumes, on a file system of its own
   */
  public DvdcliVolumes(String driver, Path folder, Path store) throws Exception {
    this.folder = folder;
    this.store = store;
    Optional<Path> real = Dvdcli.installed();
    if (real.isPresent()) {
      program = real.get();
      plugins = new PluginFolderOfTheHost();
      rclone = new Rclone(folder.resolve("rclone"), plugins.socket(driver));
    } else {
      program = new ScriptedDvdcli(folder).program();
      plugins = null;
      rclone = null;
      Files.writeString(folder.resolve("root"), folder.resolve("mounted").toString());
    }
  }

  public Path program() {
    return program;
  }

  /** Where the files of a volume really are. */
  public Path source(String volume) throws IOException {
    return Files.createDirectories(store.resolve(volume));
  }

  /** The options that a task gives with a volume. */
  public String options(String volume) throws IOException {
    return "remote=:local:" + source(volume);
  }

  /** What is mounted now. */
  public List<MountTable.Line> mounts() throws IOException {
    return MountTable.under(folder);
  }

  public void close() throws Exception {
    if (rclone != null) {
      rclone.close();
    }
    if (plugins != null) {
      plugins.close();
    }
  }
}
