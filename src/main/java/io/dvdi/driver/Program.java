// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A run of a program to its end. */
public final class Program {
  /**
   * What is kept of each output; the rest is read and dropped, so that the program never waits for
   * us.
   */
  private static final int KEPT = 64 * 1024;

  private static final List<String> FOLDERS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  /** How long an output is waited for after the program's end, and the end after it was killed. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private Program() {}

  /**
   * How a program ended.
   *
   * @param status its exit status
   * @param output the start of its standard output
   * @param error the start of its standard error
   * @param whole whether output is all that it wrote there: false when that was too much, or did
   *     not come to an end
   * @param errorWhole the same of error
   */
  public record Ended(int status, String output, String error, boolean whole, boolean errorWhole) {}

  /**
   * Runs a program with nothing on its standard input and an environment of PATH and LC_ALL alone.
   * At the deadline it is killed, with all that it started.
   *
   * @param command the program and its arguments, passed as they are
   * @throws DriverException if it cannot be started, or had to be killed, at the deadline or since
   *     the thread was interrupted: then its effect is uncertain
   */
  public static Ended run(List<String> command, Deadline deadline) throws DriverException {
    List<String> found = new ArrayList<>(command);
    found.set(0, find(command.get(0)));
    ProcessBuilder builder = new ProcessBuilder(found);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.environment().clear();
    builder.environment().put("PATH", String.join(":", FOLDERS));
    builder.environment().put("LC_ALL", "C");
    builder.directory(new java.io.File("/"));
    if (Thread.currentThread().isInterrupted()) {
      throw DriverException.failed("the module is closing");
    }
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw DriverException.failed(
          "the program %s cannot be started (%s); is it installed?"
              .formatted(command.get(0), e.getMessage()),
          e);
    }
    // All that follows is inside: a program whose outputs cannot be read must not run on either.
    try {
      KeptOutput out =
          new KeptOutput(process.getInputStream(), KEPT, "dvdi " + command.get(0) + " output");
      KeptOutput err =
          new KeptOutput(process.getErrorStream(), KEPT, "dvdi " + command.get(0) + " error");
      if (!process.waitFor(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw DriverException.uncertain(
            "the program %s did not end within %s and was killed"
                .formatted(command.get(0), deadline.words()),
            new java.util.concurrent.TimeoutException());
      }
      // A program that it left behind may keep the pipes open; what came until now is enough then.
      KeptOutput.Kept output = out.within(PATIENCE);
      KeptOutput.Kept error = err.within(PATIENCE);
      return new Ended(
          process.exitValue(), output.text(), error.text(), output.whole(), error.whole());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.uncertain("the module is closing", e);
    } finally {
      if (process.isAlive()) {
        kill(process);
      }
    }
  }

  /**
   * Waits for the end, so that what the program held is free for the next try; not for long, as one
   * that waits for a dead disk cannot be killed.
   */
  private static void kill(Process process) {
    try {
      // Before the program itself: afterwards they are not its descendants any more.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    } finally {
      process.destroyForcibly();
    }
    boolean interrupted = Thread.interrupted();
    try {
      boolean ignored = process.waitFor(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Left to itself, the JVM searches the PATH that the agent was started with, which may lack the
   * sbin folders.
   */
  private static String find(String program) throws DriverException {
    if (program.contains("/")) {
      return program;
    }
    for (String folder : FOLDERS) {
      Path file = Path.of(folder, program);
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file.toString();
      }
    }
    throw DriverException.failed(
        "the program %s is in none of the folders %s; is it installed?"
            .formatted(program, String.join(", ", FOLDERS)));
  }
}
