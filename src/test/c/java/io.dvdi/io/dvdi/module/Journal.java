// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file that every call is written to. */
final class Journal {
  private Journal() {}

  /**
   * @param file null if none is kept
   */
  static synchronized void add(String file, String line) {
    if (file == null) {
      return;
    }
    try {
      Files.writeString(
          Path.of(file), line.strip() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
