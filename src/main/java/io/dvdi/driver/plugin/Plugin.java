// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A plugin that was found.
 *
 * @param address where it listens
 * @param container of a managed plugin, whose paths are its own
 */
record Plugin(PluginAddress address, Optional<Container> container) {
  /**
   * The container that Docker runs a managed plugin in, see ScopedPath in moby's plugin/v2.
   *
   * @param folder what Docker keeps of it
   * @param propagated the folder inside whose mounts are seen on the host too
   */
  record Container(Path folder, Optional<Path> propagated) {
    Path onHost(Path inside) {
      if (propagated.isPresent() && inside.startsWith(propagated.get())) {
        return folder.resolve("propagated-mount").resolve(propagated.get().relativize(inside));
      }
      return folder.resolve("rootfs").resolve(Path.of("/").relativize(inside));
    }
  }

  /** A path that the plugin gave, as this host sees it. */
  Path onHost(Path path) {
    return container.map(own -> own.onHost(path)).orElse(path);
  }

  @Override
  public String toString() {
    return "its plugin at " + address;
  }
}
