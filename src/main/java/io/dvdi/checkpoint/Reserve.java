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
 * Room on disk that is kept for the records of volumes that are mounted: without it, a full disk
 * would keep them mounted, since an Unmount is announced on disk first. Thread-safe.
 */
final class Reserve {
  /** More than any record needs but one with a thousand users. */
  private static final int SIZE = 256 * 1024;

  private static final Set<String> FULL = Set.of("ENOSPC", "EDQUOT");

  private final Path file;

  Reserve(Path folder) {
    this.file = folder.resolve("reserve");
  }

  /** Makes it, if it is not there, and if there is room. */
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

  /** Gives its room away. */
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

  /** Whether a write has failed for want of room. */
  static boolean isFull(IOException failure) {
    return failure instanceof LinuxException linux && FULL.contains(linux.errnoName());
  }
}
