// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The mount namespace of this process, see mount_namespaces(7). */
public final class MountNamespace {
  private static final Path OWN = Path.of("/proc/self/ns/mnt");

  private MountNamespace() {}

  /**
   * Its number. From Linux 6.8 on, no other namespace gets it before the next boot: it is the
   * unique ID of the root mount. Before, it is the inode of the namespace's file, which the kernel
   * gives to the next namespace once this one is gone, and the mount ID of the root.
   */
  public static long own() {
    try {
      long root = PathEntry.of("/", UniqueMounts.STATX_MNT_ID_UNIQUE).mountId();
      return root != 0 ? root : inode() | PathEntry.of("/", libc_h.STATX_MNT_ID()).mountId() << 32;
    } catch (LinuxException e) {
      return inode(); // statx(2) is forbidden, or unknown before Linux 4.11
    }
  }

  private static long inode() {
    try {
      return ((Number) Files.getAttribute(OWN, "unix:ino")).longValue();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "this kernel does not show mount namespaces (/proc/self/ns/mnt)", e);
    }
  }
}
