// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process has in memory, by the files that are mapped, from /proc/PID/smaps. */
final class ResidentMemory {
  private static final Pattern HEAD =
      Pattern.compile("([0-9a-f]+)-[0-9a-f]+ (\\S+) \\S+ \\S+ \\S+ *(.*)");
  private static final Pattern RESIDENT = Pattern.compile("Rss: +([0-9]+) kB");

  /** HotSpot puts a small heap, and classes, where 32 bits are enough to refer to them. */
  private static final long HEAP_END = 1L << 32;

  private static final long HEAP = HEAP_END - (64L << 20); // -Xmx64m of jvm_options.c

  /** If there is an archive of classes, others are behind it. */
  private static final long CLASSES_END = 1L << 36;

  private final Path smaps;

  ResidentMemory(long pid) {
    smaps = Path.of("/proc/" + pid + "/smaps");
  }

  /** In KiB, by part. */
  Map<String, Double> parts() throws IOException {
    Map<String, Double> parts = new TreeMap<>();
    String part = "";
    for (String line : Files.readAllLines(smaps)) {
      Matcher head = HEAD.matcher(line);
      Matcher resident = RESIDENT.matcher(line);
      if (head.matches()) {
        part = part(Long.parseUnsignedLong(head.group(1), 16), head.group(2), head.group(3));
      } else if (resident.matches()) {
        parts.merge(part, Double.parseDouble(resident.group(1)), Double::sum);
      }
    }
    return parts;
  }

  private static String part(long address, String access, String mapped) {
    if (mapped.endsWith("libjvm.so")) {
      return "libjvm";
    }
    if (mapped.endsWith(".jsa")) {
      return "class archive";
    }
    if (mapped.endsWith("/modules") || mapped.endsWith(".jar")) {
      return "classes of the JDK and jars";
    }
    if (mapped.equals("[heap]")) {
      return "C heap";
    }
    if (!mapped.isEmpty()) {
      return "other files";
    }
    if (access.contains("x")) {
      return "compiled code";
    }
    if (address >= HEAP && address < HEAP_END) {
      return "Java heap";
    }
    if (address < CLASSES_END) {
      return "class space";
    }
    return "metaspace, stacks, other native";
  }
}
