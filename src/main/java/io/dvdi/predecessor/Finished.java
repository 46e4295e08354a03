// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.linux.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which checkpoints have been taken over, in a file: a line for each, its digest and its path. By
 * what was in them and not by their names, so that an agent that went back to its predecessor for a
 * while, and then comes again, is met with what that has mounted meanwhile.
 */
final class Finished {
  private final Path file;

  /**
   * @param file in the state folder
   */
  Finished(Path file) {
    this.file = file;
  }

  boolean has(Source source, String digest) throws IOException {
    return lines().contains(line(source, digest));
  }

  /** Returns when it will survive a crash of the host. */
  void add(Source source, String digest) throws IOException {
    List<String> lines = new ArrayList<>(lines());
    lines.removeIf(line -> line.endsWith("  " + source.path()));
    lines.add(line(source, digest));
    PrivateFile.replace(
        file,
        file.resolveSibling(file.getFileName() + ".new"),
        (String.join("\n", lines) + "\n").getBytes(UTF_8));
  }

  private static String line(Source source, String digest) {
    return digest + "  " + source.path();
  }

  private List<String> lines() throws IOException {
    try {
      // Without Files.readAllLines, which fails at what is no UTF-8.
      return new String(Files.readAllBytes(file), UTF_8).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
