// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.volume.Options;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the driver {@code local} does: mount(2) and umount2(2) in the agent's own process. It counts
 * nobody. It uses what is mounted already if that is what the options ask for, and never mounts
 * over anything.
 */
final class OwnMounts {
  private OwnMounts() {}

  /** Whether these options ask for a new file system at each mount. */
  static boolean isFresh(Options options) {
    return Life.LARGE.get("size").equals(options.get("size"));
  }

  /** An error; null: success. */
  static @Nullable String mount(Kernel kernel, int volume, Mounting how, long now) {
    KernelMount top = kernel.top(volume);
    if (top == null) {
      KernelMount made = kernel.mount(volume, false, how.device(), how.mountpoint(), true, now);
      made.options = how.options();
      return null;
    }
    if (top.health != Health.ANSWERS) {
      return "something is mounted already, and its file system does not answer";
    }
    // Nothing shows with which other options it was made.
    Optional<String> size = how.options().get("size");
    boolean same = size.isEmpty() || size.equals(top.options.get("size"));
    if (top.volume != volume || !same || isFresh(how.options())) {
      return "something is mounted already that is not what its options ask for";
    }
    return null;
  }

  /** An error; null: success. */
  static @Nullable String unmount(Kernel kernel, int volume) {
    KernelMount top = kernel.top(volume);
    if (top == null) {
      return null; // EINVAL: it is not mounted
    }
    if (top.busy) {
      return "EBUSY";
    }
    kernel.unmount(volume, top);
    return null;
  }

  /** What is mounted where. */
  record Mounting(String device, String mountpoint, Options options) {}
}
