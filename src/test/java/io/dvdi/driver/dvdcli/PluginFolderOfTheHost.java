// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * /run/docker/plugins and /etc/docker/plugins, empty: dvdcli looks nowhere else. That is possible
 * since the tests' JVM has a mount namespace of its own.
 */
final class PluginFolderOfTheHost {
  private static final String RUN = "/run";
  private static final String ETC = "/etc";

  private boolean etcIsCovered;

  PluginFolderOfTheHost() throws Exception {
    RealMounts.run("mount", "-t", "tmpfs", "tmpfs", RUN);
  }

  /** Where a plugin of that name has its socket. */
  Path socket(String plugin) throws Exception {
    return Files.createDirectories(Path.of(RUN, "docker/plugins")).resolve(plugin + ".sock");
  }

  /** Where a description of that name belongs. */
  Path spec(String file) throws Exception {
    if (!etcIsCovered) {
      Path upper = Files.createDirectories(Path.of(RUN, "etc"));
      Path work = Files.createDirectories(Path.of(RUN, "work"));
      String layers = "lowerdir=%s,upperdir=%s,workdir=%s".formatted(ETC, upper, work);
      RealMounts.run("mount", "-t", "overlay", "-o", layers, "overlay", ETC);
      etcIsCovered = true;
    }
    return Files.createDirectories(Path.of(ETC, "docker/plugins")).resolve(file);
  }

  void close() throws Exception {
    if (etcIsCovered) {
      RealMounts.run("umount", ETC);
    }
    RealMounts.run("umount", RUN);
  }
}
