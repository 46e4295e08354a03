// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What a process holds; no Java heap where it has no JVM. */
record Held(long residentKilobytes, long heapKilobytes, int threads, int descriptors) {
  static Held by(long pid, boolean withJvm) throws Exception {
    String heap = withJvm ? jcmd(pid, "GC.run", "GC.heap_info") : "";
    Path proc = Path.of("/proc", Long.toString(pid));
    return new Held(
        field(proc, "VmRSS:"), used(heap), count(proc.resolve("task")), count(proc.resolve("fd")));
  }

  private static String jcmd(long pid, String... commands) throws Exception {
    StringBuilder said = new StringBuilder();
    for (String command : commands) {
      String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
      said.append(RealMounts.run(jcmd, Long.toString(pid), command));
    }
    return said.toString();
  }

  /** The sum of lines such as {@code def new generation total 9792K, used 482K [0x…)}. */
  private static long used(String heapInfo) {
    return heapInfo
        .lines()
        .filter(line -> line.contains(" total ") && line.contains(", used "))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*, used ([0-9]+)K.*", "$1")))
        .sum();
  }

  private static long field(Path proc, String name) throws IOException {
    return Files.readAllLines(proc.resolve("status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  private static int count(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return (int) entries.count();
    }
  }

  @Override
  public String toString() {
    String heap =
        heapKilobytes == 0
            ? ""
            : String.format(
                Locale.ROOT, " %.1f MiB of Java heap after GC,", heapKilobytes / 1024.0);
    return String.format(
        Locale.ROOT,
        "%d MiB resident,%s %d threads, %d descriptors",
        residentKilobytes / 1024,
        heap,
        threads,
        descriptors);
  }
}
