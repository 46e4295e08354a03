// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import io.dvdi.driver.DriverException;
import io.dvdi.linux.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Tells which file system is in a file. */
final class FileSystemImage {
  /** "XFSB", big-endian, at the start. */
  private static final int XFS_MAGIC = 0x58465342;

  /** s_magic of the ext4 superblock, little-endian, see Documentation/filesystems/ext4 of Linux. */
  private static final short EXT4_MAGIC = (short) 0xEF53;

  private static final int EXT4_MAGIC_OFFSET = 1024 + 0x38;

  private FileSystemImage() {}

  static String typeOf(Path image) throws IOException, DriverException {
    ByteBuffer start;
    try (PrivateFile file = PrivateFile.reading(image)) {
      start = ByteBuffer.wrap(file.read(EXT4_MAGIC_OFFSET + Short.BYTES));
    }
    if (start.limit() == EXT4_MAGIC_OFFSET + Short.BYTES) {
      if (start.order(ByteOrder.BIG_ENDIAN).getInt(0) == XFS_MAGIC) {
        return "xfs";
      }
      if (start.order(ByteOrder.LITTLE_ENDIAN).getShort(EXT4_MAGIC_OFFSET) == EXT4_MAGIC) {
        return "ext4";
      }
    }
    throw DriverException.failed(
        "%s contains neither ext4 nor xfs; it was not changed, check it by hand".formatted(image));
  }
}
