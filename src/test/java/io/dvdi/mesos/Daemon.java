// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.fail;

import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process of a master or an agent, and what it logs. */
final class Daemon {
  private static final long LONGEST_SECONDS = 60;

  private final Process process;
  private final Path log;

  /**
   * Starts it.
   *
   * @param folder its working folder, where a JVM leaves a crash report
   */
  Daemon(Path folder, Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    this.log = log;
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /** A port of the loopback interface that nobody listens on. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Path logFile() {
    return log;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void awaitLog(String text) {
    await("the log has '" + text + "'", () -> log().contains(text));
  }

  /** Waits for a condition, for as long as the process lives. */
  void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (!condition.getAsBoolean()) {
      if (!isAlive()) {
        fail(what + ": it ended with status " + process.exitValue() + "; its log:\n" + tail());
      }
      if (System.nanoTime() > end) {
        fail(what + ": not within " + LONGEST_SECONDS + " s; its log:\n" + tail());
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The end of the log, which has lines of many kilobytes. */
  String tail() {
    // Not the tests' own questions to it.
    List<String> lines = log().lines().filter(line -> !line.contains(" http.cpp:")).toList();
    StringBuilder text = new StringBuilder();
    for (String line : lines.subList(Math.max(0, lines.size() - 60), lines.size())) {
      text.append(line, 0, Math.min(line.length(), 400)).append('\n');
    }
    return text.toString();
  }

  void signal(String name) throws IOException, InterruptedException {
    RealMounts.run("kill", "-" + name, Long.toString(pid()));
  }

  /**
   * Waits for the end, and returns the exit status as a shell has it: 128 and the signal's number.
   */
  int status() throws InterruptedException {
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      fail("it does not end; its log:\n" + tail());
    }
    return process.exitValue();
  }

  /** Ends it at once, as the kernel's out-of-memory killer would. */
  void killNine() throws InterruptedException {
    process.destroyForcibly();
    status();
  }
}
