// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of a predecessor. */
final class CheckpointFile {
  /** Thousands of volumes; what is longer is another file. */
  private static final int LONGEST = 16 << 20;

  private CheckpointFile() {}

  static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(LONGEST + 1);
      if (content.length > LONGEST) {
        throw new IOException("it is longer than %d MiB".formatted(LONGEST >> 20));
      }
      return content;
    }
  }
}
