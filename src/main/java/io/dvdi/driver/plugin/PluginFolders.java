// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import java.nio.file.Path;
import java.util.List;

/**
 * Where plugins are looked for.
 *
 * @param sockets of plugins, and below it those of managed plugins
 * @param specs of .spec and .json files, the first one that has a file wins
 * @param managed of what Docker keeps of managed plugins
 */
public record PluginFolders(Path sockets, List<Path> specs, Path managed) {
  /** Docker's own, see "Plugin discovery" in its documentation. */
  public static final PluginFolders DOCKER =
      new PluginFolders(
          Path.of("/run/docker/plugins"),
          List.of(Path.of("/etc/docker/plugins"), Path.of("/usr/lib/docker/plugins")),
          Path.of("/var/lib/docker/plugins"));

  public PluginFolders {
    specs = List.copyOf(specs);
  }
}
