// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel = FileChannel.open(next, CREATE, WRITE, TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    Path folder = file.getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, READ)) {
        channel.force(true);
      }
    }
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
