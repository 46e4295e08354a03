// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statx;
import io.dvdi.lifecycle.Evidence;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel tells of a path without asking a file server. The last component is not followed
 * when it is a symbolic link.
 *
 * @param mountId of the mount that it lies on; 0 if the kernel does not tell
 * @param isDirectory it is a directory
 * @param tellsMountRoot whether the kernel tells {@code isMountRoot} (Linux 5.8)
 * @param isMountRoot a mount is at the path itself
 * @param device of its files; not always that of the mount table: btrfs has one for each subvolume
 * @param failure with which the file system refuses to tell more than where the path is; null if it
 *     does not
 */
record PathEntry(
    long mountId,
    boolean isDirectory,
    boolean tellsMountRoot,
    boolean isMountRoot,
    String device,
    @Nullable LinuxException failure) {

  /**
   * Looks a path up. Blocks for as long as a file system on the way does.
   *
   * @param mountIdMask which mount ID is asked for: STATX_MNT_ID or STATX_MNT_ID_UNIQUE
   */
  static PathEntry of(String path, int mountIdMask) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer =
          arena.allocate(statx.layout().byteSize(), statx.layout().byteAlignment());
      KernelCalls.statx(
          arena,
          path,
          libc_h.AT_SYMLINK_NOFOLLOW() | libc_h.AT_NO_AUTOMOUNT() | libc_h.AT_STATX_DONT_SYNC(),
          libc_h.STATX_TYPE() | mountIdMask,
          buffer);
      int root = libc_h.STATX_ATTR_MOUNT_ROOT();
      return new PathEntry(
          (statx.stx_mask(buffer) & mountIdMask) == 0 ? 0 : statx.stx_mnt_id(buffer),
          (statx.stx_mode(buffer) & libc_h.S_IFMT()) == libc_h.S_IFDIR(),
          (statx.stx_attributes_mask(buffer) & root) != 0,
          (statx.stx_attributes(buffer) & root) != 0,
          statx.stx_dev_major(buffer) + ":" + statx.stx_dev_minor(buffer),
          null);
    }
  }

  /**
   * Looks a path up of which statx(2) tells nothing, as of an XFS that has shut down: to open it as
   * a place needs no answer of its file system.
   *
   * @throws LinuxException the failure, if nothing is there or if it cannot be opened either
   */
  static PathEntry opened(KernelMounts kernel, String path, LinuxException failure)
      throws LinuxException {
    if (failure.isMissing()) {
      throw failure;
    }
    try {
      long mountId = MountOfFile.idAt(Path.of(path));
      for (MountFacts facts : kernel.all()) {
        Evidence mount = facts.mount();
        if (mount.mountId() == mountId) {
          return new PathEntry(
              mount.uniqueId() == 0 ? mountId : mount.uniqueId(),
              true,
              true,
              mount.mountpoint().equals(path),
              mount.device(),
              failure);
        }
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }
}
