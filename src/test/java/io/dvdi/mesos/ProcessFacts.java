// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import io.dvdi.testing.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What can be seen of a process from outside, one fact a line: how it treats signals, what it has
 * open, its threads, its limits, what it left in /tmp. What differs from run to run, such as a
 * number or an address, is left out of a fact. See proc(5).
 */
final class ProcessFacts {
  /** By number, see signal(7). */
  private static final List<String> SIGNALS =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  /** SIGKILL, SIGSTOP, and the two that the C library keeps for itself. */
  private static final long NEVER_BLOCKED = 1L << 8 | 1L << 18 | 1L << 31 | 1L << 32;

  /** Lines of /proc/PID/status that say what the process may do. */
  private static final List<String> RIGHTS =
      List.of(
          "Umask",
          "Uid",
          "Gid",
          "Groups",
          "CapInh",
          "CapPrm",
          "CapEff",
          "CapBnd",
          "CapAmb",
          "NoNewPrivs",
          "Seccomp",
          "Speculation_Store_Bypass",
          "THP_enabled");

  private final Path process;
  private final long pid;
  private final Set<String> facts = new TreeSet<>();

  private ProcessFacts(long pid) {
    this.pid = pid;
    this.process = Path.of("/proc/" + pid);
  }

  /**
   * The facts of a process.
   *
   * @param own the folder that it works in; its path is left out of facts
   */
  static Set<String> of(long pid, Path own) throws IOException {
    ProcessFacts of = new ProcessFacts(pid);
    of.status();
    of.threads();
    of.lines("limits", "limit");
    for (String file : List.of("coredump_filter", "oom_score_adj", "personality", "cgroup")) {
      of.lines(file, file);
    }
    of.descriptors(own);
    of.temporaryFiles();
    return of.facts;
  }

  private void status() throws IOException {
    for (String line : Files.readAllLines(process.resolve("status"))) {
      String key = line.substring(0, line.indexOf(':'));
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (key.equals("SigCgt")) {
        signals(value).forEach(signal -> facts.add("signal handled: " + signal));
      } else if (key.equals("SigIgn")) {
        signals(value).forEach(signal -> facts.add("signal ignored: " + signal));
      } else if (RIGHTS.contains(key)) {
        facts.add(key + ": " + value.replaceAll("\\s+", " "));
      }
    }
  }

  private static String blocked(String mask) {
    return (Long.parseUnsignedLong(mask, 16) | NEVER_BLOCKED) == -1
        ? "all signals"
        : String.join(" ", signals(mask));
  }

  private static List<String> signals(String mask) {
    long bits = Long.parseUnsignedLong(mask, 16);
    List<String> names = new ArrayList<>();
    for (int number = 1; number <= 64; number++) {
      if ((bits >>> (number - 1) & 1) == 1) {
        names.add(number <= SIGNALS.size() ? "SIG" + SIGNALS.get(number - 1) : "real-time");
      }
    }
    return names;
  }

  /** Threads by name, with the signals that they block. */
  private void threads() throws IOException {
    try (Stream<Path> threads = Files.list(process.resolve("task"))) {
      for (Path thread : threads.toList()) {
        try {
          String name = Files.readString(thread.resolve("comm")).strip();
          String blocked =
              Files.readAllLines(thread.resolve("status")).stream()
                  .filter(line -> line.startsWith("SigBlk:"))
                  .map(line -> blocked(line.substring(7).strip()))
                  .findFirst()
                  .orElseThrow();
          facts.add(
              "thread: "
                  + name.replaceAll("[0-9]+", "#")
                  + (blocked.isEmpty() ? "" : ", blocks " + blocked));
        } catch (NoSuchFileException e) {
          // It ended meanwhile.
        }
      }
    }
  }

  private void lines(String file, String name) throws IOException {
    for (String line : Files.readAllLines(process.resolve(file))) {
      facts.add(name + ": " + line.strip().replaceAll("\\s+", " "));
    }
  }

  private void descriptors(Path own) throws IOException {
    for (Descriptors.Descriptor open : Descriptors.of(pid)) {
      String leadsTo =
          open.leadsTo()
              .replace(own.toString(), "AGENT")
              .replaceAll("\\[[0-9]+\\]", "")
              .replaceAll("[0-9a-f-]{36}-S[0-9]+", "ID")
              .replaceAll("^/.*/(dvdi/)[^/]*\\.jar$", ".../$1*.jar")
              .replaceAll("^/.*(/lib/modules)$", "...$1");
      facts.add("descriptor: " + leadsTo + (open.inherited() ? ", inherited" : ""));
    }
  }

  /** By the names that contain the process's ID. */
  private void temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.walk(process.resolve("root/tmp"), 2)) {
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.matches("(.*[^0-9])?" + pid + "([^0-9].*)?"))
          .forEach(name -> facts.add("in /tmp: " + name.replace(Long.toString(pid), "PID")));
    } catch (java.io.UncheckedIOException e) {
      // Another process removed something.
    }
  }
}
