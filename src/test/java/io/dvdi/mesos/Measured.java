// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** What a test measured, for the end of the report of bin/mesos-test. */
final class Measured {
  private Measured() {}

  static void print(String line) throws IOException {
    System.out.println(line);
    Files.createDirectories(Installation.REPORTS);
    Files.writeString(
        Installation.REPORTS.resolve("measured"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
