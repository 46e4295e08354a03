// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What the figures were measured on. */
final class Machine {
  private Machine() {}

  static ObjectNode describe(Settings settings) throws IOException {
    ObjectNode node = Results.JSON.createObjectNode();
    node.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    node.put(
        "commit",
        output(List.of("git", "-C", settings.top().toString(), "describe", "--always", "--dirty")));
    node.put("kernel", Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    node.put("cpu", value("/proc/cpuinfo", "model name"));
    node.put("cores", Runtime.getRuntime().availableProcessors());
    node.put("memory", value("/proc/meminfo", "MemTotal"));
    node.put("load_before", Files.readString(Path.of("/proc/loadavg")).strip());
    node.put("java", value(settings.java().resolve("release").toString(), "JAVA_RUNTIME_VERSION"));
    // Its folder is named after its version and its content.
    settings.installed().ifPresent(folder -> node.put("package", "" + folder.getFileName()));
    node.put("jvm_options", "those of the module (src/main/c/entry/jvm_options.c)");
    node.put("state_dir", Files.getFileStore(settings.memory()).type());
    node.put("state_dir_on_disk", Files.getFileStore(settings.disk()).type());
    node.put("rounds", settings.rounds());
    return node;
  }

  private static String value(String file, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of(file))) {
      if (line.startsWith(name)) {
        return line.replaceFirst("^[^:=]*[:=]\\s*", "").replace("\"", "");
      }
    }
    return "unknown";
  }

  private static String output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
