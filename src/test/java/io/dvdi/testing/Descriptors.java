// SPDX-License-Identifier: Apache-2.0
package io.dvdi.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a process has open, see proc(5). */
public final class Descriptors {
  /** O_CLOEXEC in the flags of fdinfo. */
  private static final int CLOSE_ON_EXEC = 02000000;

  private Descriptors() {}

  /**
   * An open file.
   *
   * @param number 0 to 2 are the standard ones
   * @param leadsTo a path, or such as socket:[4711]
   * @param inherited by the programs that the process starts
   */
  public record Descriptor(int number, String leadsTo, boolean inherited) {}

  /** Those of a process that do not come and go just now. */
  public static List<Descriptor> of(long pid) throws IOException {
    Path process = Path.of("/proc/" + pid);
    List<Descriptor> open = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        try {
          int flags = flags(process.resolve("fdinfo").resolve(file.getFileName()));
          open.add(
              new Descriptor(
                  Integer.parseInt(String.valueOf(file.getFileName())),
                  Files.readSymbolicLink(file).toString(),
                  (flags & CLOSE_ON_EXEC) == 0));
        } catch (NoSuchFileException e) {
          // It was closed meanwhile.
        }
      }
    }
    return open;
  }

  private static int flags(Path info) throws IOException {
    return Files.readAllLines(info).stream()
        .filter(line -> line.startsWith("flags:"))
        .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
        .sum();
  }
}
