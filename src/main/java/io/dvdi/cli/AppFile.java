// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import io.dvdi.marathon.InvalidAppException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file of an app. It may be a pipe, as in {@code dvdi plan <(jq … apps.json)}. */
final class AppFile {
  /**
   * Far more than Marathon can store (1 MiB in ZooKeeper); what is longer is another file, or has
   * no end.
   */
  private static final int LONGEST = 16 << 20;

  private AppFile() {}

  static byte[] read(String name) throws IOException {
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw new NoSuchFileException(name, null, "no such file");
    }
    if (Files.isDirectory(path)) {
      throw new IOException("it is a folder; name the file of an app in it");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new InvalidAppException(
            "this is not an app: it is longer than %d MiB".formatted(LONGEST >> 20));
      }
      return bytes;
    }
  }

  /** Java leaves the reason out where the kind of exception says it. */
  static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException e -> "there is no such file";
      case AccessDeniedException e -> "permission denied";
      default -> String.valueOf(failure.getMessage());
    };
  }
}
