// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A running program {@code measure}; measure.c has its commands. */
final class MeasureProgram implements AutoCloseable {
  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  MeasureProgram(Path program) throws IOException {
    process =
        new ProcessBuilder(program.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    commands = process.outputWriter();
    answers = process.inputReader();
  }

  long pid() {
    return process.pid();
  }

  /**
   * Runs a command, and returns the numbers that it answers with, line by line.
   *
   * @throws IOException if the program has ended instead; its standard error says why
   */
  List<double[]> run(Object... words) throws IOException {
    String command = String.join(" ", Arrays.stream(words).map(String::valueOf).toList());
    commands.write(command + "\n");
    commands.flush();
    List<double[]> numbers = new ArrayList<>();
    while (true) {
      String line = answers.readLine();
      if (line == null) {
        throw new IOException("measure ended at the command: " + command);
      }
      if (line.equals("done")) {
        return numbers;
      }
      numbers.add(Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray());
    }
  }

  /** Runs a command {@code run}, and returns what prepare and cleanup took together, in ns. */
  double[] both(Object... words) throws IOException {
    return run(words).stream().mapToDouble(times -> times[0] + times[1]).toArray();
  }

  /** Runs a command {@code run}, and returns what prepare took, in ns. */
  double[] prepares(Object... words) throws IOException {
    return run(words).stream().mapToDouble(times -> times[0]).toArray();
  }

  /** Fails if the program has not mapped a file. */
  void requireMapped(Path file) throws IOException {
    Path maps = Path.of("/proc/" + pid() + "/maps");
    if (Files.readAllLines(maps).stream().noneMatch(line -> line.endsWith(" " + file))) {
      throw new IOException("The module does not use " + file + " of the package.");
    }
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
