// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.util.Map.entry;

import io.dvdi.bindings.libc.libc_h;
import java.util.Map;

/** The names of the magic numbers of statfs(2). */
final class FileSystemType {
  /** Linux, fs/smb: newer headers have them in linux/magic.h, Debian 12's do not. */
  private static final int CIFS_SUPER_MAGIC = 0xFF534D42;

  private static final int SMB2_SUPER_MAGIC = 0xFE534D42;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          entry(libc_h.EXT4_SUPER_MAGIC(), "ext4"),
          entry(libc_h.XFS_SUPER_MAGIC(), "xfs"),
          entry(libc_h.BTRFS_SUPER_MAGIC(), "btrfs"),
          entry(libc_h.TMPFS_MAGIC(), "tmpfs"),
          entry(libc_h.MSDOS_SUPER_MAGIC(), "vfat"),
          entry(libc_h.NFS_SUPER_MAGIC(), "nfs"),
          entry(libc_h.FUSE_SUPER_MAGIC(), "fuse"),
          entry(CIFS_SUPER_MAGIC, "cifs"),
          entry(SMB2_SUPER_MAGIC, "cifs"),
          entry(libc_h.CEPH_SUPER_MAGIC(), "ceph"),
          entry(libc_h.OVERLAYFS_SUPER_MAGIC(), "overlay"));

  private FileSystemType() {}

  static String name(long type) {
    // The kernel's numbers have 32 bits; f_type is wider, and with the highest bit set has another
    // sign.
    int magic = (int) type;
    return NAMES.getOrDefault(magic, "0x" + Integer.toHexString(magic));
  }
}
