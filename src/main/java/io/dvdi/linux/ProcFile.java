// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of proc(5), read as bytes. File names can contain any byte but NUL, so decoding them as
 * UTF-8 can fail. {@link String#lines} would also split lines at a carriage return.
 */
final class ProcFile {
  private ProcFile() {}

  /** The lines, with one character for each byte. */
  static List<String> lines(String name) throws IOException {
    return List.of(new String(Files.readAllBytes(Path.of(name)), ISO_8859_1).split("\n"));
  }
}
