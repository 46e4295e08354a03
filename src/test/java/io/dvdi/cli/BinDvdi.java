// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.fail;

import io.dvdi.testing.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs of bin/dvdi in a checkout, as from a terminal: each has a process group of its own. */
final class BinDvdi implements AutoCloseable {
  private static final long LONGEST_SECONDS = 60;

  final Checkout checkout;

  /** The programs in this folder come first on the PATH. */
  final Path tools;

  /** In the environment of all processes that a run starts. */
  private final String mark = "DVDI_TEST_MARK=" + UUID.randomUUID();

  private final Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> before = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();

  BinDvdi(Path folder) throws Exception {
    this.folder = folder;
    checkout = new Checkout(folder.resolve("checkout"));
    tools = Files.createDirectory(folder.resolve("tools"));
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
  }

  /** A program that is started in front of bin/dvdi, such as setpriv. */
  void before(String... words) {
    before.clear();
    before.addAll(List.of(words));
  }

  void path(String path) {
    environment.put("PATH", path);
  }

  /** Makes a program in the folder of tools; its first variable is that folder. */
  void tool(String name, String script) throws IOException {
    Path file =
        Files.writeString(
            tools.resolve(name),
            "#!/usr/bin/env bash\nset -eu\ntools=" + tools + "\n" + script + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
  }

  Run start(String... words) throws IOException {
    Path out = folder.resolve("out-" + runs.size());
    Path err = folder.resolve("err-" + runs.size());
    // SIGINT may be ignored where the tests were started in the background.
    List<String> command =
        new ArrayList<>(List.of("setsid", "env", "--default-signal=INT,TERM,HUP", mark));
    command.addAll(before);
    command.add(checkout.path("bin/dvdi").toString());
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.redirectInput(new java.io.File("/dev/null"));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Run run = new Run(builder.start(), out, err);
    runs.add(run);
    return run;
  }

  Run run(String... words) throws Exception {
    Run run = start(words);
    int unused = run.status();
    return run;
  }

  /** A run, started. */
  record Run(Process process, Path outFile, Path errFile) {
    int status() throws Exception {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        return fail("it does not end: " + this);
      }
      return process.exitValue();
    }

    String out() throws IOException {
      return Files.readString(outFile);
    }

    String err() throws IOException {
      return Files.readString(errFile);
    }

    /** To the whole process group, as a terminal does, or to the first process alone. */
    void signal(String name, boolean group) throws Exception {
      new ProcessBuilder("kill", "-s", name, "--", (group ? "-" : "") + process.pid())
          .start()
          .waitFor();
    }

    /** Waits until it holds, or the run has ended. */
    void await(String what, Callable<Boolean> condition) throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
      while (!condition.call()) {
        if (!process.isAlive() || System.nanoTime() > end) {
          fail("never: " + what + ": " + this);
        }
        Thread.sleep(10);
      }
    }

    @Override
    public String toString() {
      try {
        return "process %d, alive %s, out:\n%s\nerr:\n%s"
            .formatted(process.pid(), process.isAlive(), out(), err());
      } catch (IOException e) {
        return e.toString();
      }
    }
  }

  /** Processes that a run has started and that still live. */
  List<Long> processes() {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(this::isMarked).map(ProcessHandle::pid).toList();
    }
  }

  private boolean isMarked(ProcessHandle process) {
    try {
      return Files.readString(
              Path.of("/proc/" + process.pid() + "/environ"),
              java.nio.charset.StandardCharsets.ISO_8859_1)
          .contains(mark);
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  /** Ends what a failed test left running. */
  @Override
  public void close() {
    for (int i = 0; i < 100 && !processes().isEmpty(); i++) {
      processes().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}
