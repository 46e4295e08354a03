// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the system calls of a prepare and its cleanup, of the module and of the C program. The C
 * program is a fair measure only if it makes no call that the module does not make.
 */
final class CallsPart {
  private static final int COUNT = 500;

  /** A line of strace -c: % time, seconds, usecs/call, calls, errors if there are any, syscall. */
  private static final Pattern LINE =
      Pattern.compile(" *\\S+ +\\S+ +\\S+ +([0-9]+) +(?:[0-9]+ +)?([a-z_0-9]+)");

  /** Of threads that wait, and of the program that is traced. */
  private static final Set<String> OTHERS = Set.of("total", "futex", "restart_syscall", "read");

  private final Settings settings;
  private final Results results;

  CallsPart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  void measure() throws IOException {
    if (!Files.isExecutable(Path.of("/usr/bin/strace"))) {
      results.note("calls: not counted, because strace is not installed");
      return;
    }
    results.progress("calls", 0, 1);
    try (Workplace place = new Workplace(settings, settings.memory().resolve("calls"))) {
      place.startPlugin(place.sockets().resolve("benchmark.sock"), 0);
      try (MeasureProgram program = place.module(place.records("state"))) {
        program.run("run", "module", "benchmark", "v", 1, COUNT);
        Path file = place.folder("strace").resolve("calls");
        Map<String, Double> ours = traced(program, file, "module", "benchmark", "v", 1, COUNT);
        Map<String, Double> limit = traced(program, file, "limit", "v", COUNT);
        program.run("close");
        ours.forEach((call, count) -> results.point("calls, module", call, count));
        limit.forEach((call, count) -> results.point("calls, C program", call, count));
        TreeSet<String> additional = new TreeSet<>(limit.keySet());
        additional.removeAll(ours.keySet());
        limit.forEach(
            (call, count) -> {
              if (count > ours.getOrDefault(call, 0.0) + 0.1) {
                additional.add(call);
              }
            });
        results.note(
            additional.isEmpty()
                ? "calls: the C program makes no system call that the module does not make"
                : "calls: the C program makes more calls of " + additional);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The calls of one repetition, by name. */
  private static Map<String, Double> traced(MeasureProgram program, Path file, Object... subject)
      throws IOException, InterruptedException {
    Files.deleteIfExists(file);
    Process strace =
        new ProcessBuilder(
                "strace", "-f", "-c", "-o", file.toString(), "-p", String.valueOf(program.pid()))
            .redirectErrorStream(true)
            .start();
    String attached = strace.inputReader().readLine();
    if (attached == null || !attached.contains("attached")) {
      throw new IOException("strace cannot trace: " + attached);
    }
    Object[] words = new Object[subject.length + 1];
    words[0] = "run";
    System.arraycopy(subject, 0, words, 1, subject.length);
    List<double[]> unused = program.run(words);
    new ProcessBuilder("kill", "-INT", String.valueOf(strace.pid())).start().waitFor();
    strace.getInputStream().readAllBytes();
    strace.waitFor(1, TimeUnit.MINUTES);
    Map<String, Double> calls = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches() && !OTHERS.contains(matcher.group(2))) {
        calls.put(matcher.group(2), Double.parseDouble(matcher.group(1)) / COUNT);
      }
    }
    return calls;
  }
}
