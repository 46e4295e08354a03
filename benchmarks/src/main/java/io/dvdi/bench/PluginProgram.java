// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;

/** A running program {@code plugin}, a volume plugin; see plugin.c. */
final class PluginProgram implements AutoCloseable {
  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  /**
   * Starts it.
   *
   * @param socket its name is that of the driver
   * @param delay of its Mount, in ms
   */
  PluginProgram(Path program, Path socket, Path volumes, long delay) throws IOException {
    process =
        new ProcessBuilder(
                program.toString(), socket.toString(), volumes.toString(), String.valueOf(delay))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    questions = process.outputWriter();
    answers = process.inputReader();
    if (!"ready".equals(answers.readLine())) {
      throw new IOException("the plugin at " + socket + " did not start");
    }
  }

  /** The time that it has needed for its answers since this was asked last, in ns. */
  double needed() throws IOException {
    questions.write("\n");
    questions.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the plugin has ended");
    }
    return Double.parseDouble(answer);
  }

  @Override
  public void close() throws IOException {
    questions.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
