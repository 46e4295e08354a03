// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.linux.LinuxException;
import io.dvdi.linux.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;

/**
 * Reserved disk space for the records of mounted volumes. An Unmount is announced on disk first, so
 * without the reserve, volumes would stay mounted if the disk is full. Thread-safe.
 */
final class Reserve {
  /** In bytes. Enough for every record except one with a thousand users. */
  private static final int SIZE = 256 * 1024;

  private static final Set<String> FULL = Set.of("ENOSPC", "EDQUOT");

  private final Path file;

  Reserve(Path folder) {
    this.file = folder.resolve("reserve");
  }

  /** Creates the reserve if it is missing and if there is enough space. */
  synchronized void keep() {
    if (Files.exists(file)) {
      return;
    }
    byte[] content = new byte[SIZE];
    new Random(0).nextBytes(content); // which no file system compresses
    Path next = file.resolveSibling("reserve.new");
    try {
      PrivateFile.replace(file, next, content);
    } catch (IOException e) {
      discard(next);
    }
  }

  /** Frees the reserved space. */
  synchronized void release() {
    discard(file);
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // As before: no room.
    }
  }

  /** Whether a write failed because the disk or the quota is full. */
  static boolean isFull(IOException failure) {
    return failure instanceof LinuxException linux && FULL.contains(linux.errnoName());
  }
}
