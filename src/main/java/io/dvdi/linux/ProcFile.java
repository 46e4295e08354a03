// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of proc(5), which is bytes. The names in it are anything but NUL: what insists on UTF-8
 * fails at one that is none, and {@link String#lines} also ends a line at a carriage return.
 */
final class ProcFile {
  private ProcFile() {}

  /** Its lines, a character for each byte. */
  static List<String> lines(String name) throws IOException {
    return List.of(new String(Files.readAllBytes(Path.of(name)), ISO_8859_1).split("\n"));
  }
}
