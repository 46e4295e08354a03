// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the module costs an agent that starts: time until it is ready, the first prepare, memory.
 */
final class StartPart {
  private static final int PROCESSES = 15;
  private static final int PREPARES = 1000;

  private final Settings settings;
  private final Results results;
  private final Map<String, Rounds> memory = new LinkedHashMap<>();

  StartPart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  void measure() throws IOException {
    Rounds boot = new Rounds();
    Rounds recover = new Rounds();
    Rounds plain = new Rounds();
    Rounds first = new Rounds();
    Rounds warm = new Rounds();
    for (int i = 0; i < PROCESSES; i++) {
      results.progress("start: fresh processes", i, PROCESSES);
      plain.add(plainStart());
      try (Workplace place = new Workplace(settings, settings.memory().resolve("start-" + i))) {
        place.startPlugin(place.sockets().resolve("benchmark.sock"), 0);
        try (MeasureProgram program = place.program()) {
          Map<String, Double> before = new ResidentMemory(program.pid()).parts();
          double[] opened = place.open(program, place.records("state"));
          boot.add(opened[0]);
          recover.add(opened[1]);
          first.add(program.prepares("run", "module", "benchmark", "v", 1, 1));
          warm.add(program.prepares("run", "module", "benchmark", "v", 1, PREPARES - 1));
          note(before, new ResidentMemory(program.pid()).parts());
          program.run("close");
        }
      }
    }
    results.add(
        "boot_vs_plain_jvm",
        Figure.ratio(
            "from loading the library until the module is ready / java -version",
            null,
            boot,
            plain,
            50));
    results.add("boot_ms", Figure.milliseconds("from loading the library until it is ready", boot));
    results.add(
        "recover_ms",
        Figure.milliseconds("from then until it has recovered, with a rehearsal", recover));
    results.add("first_prepare_ms", Figure.milliseconds("the first prepare of a process", first));
    double total = 0;
    for (Map.Entry<String, Rounds> part : memory.entrySet()) {
      total += part.getValue().median() / 1024;
      results.point("memory", part.getKey(), part.getValue().median() / 1024);
    }
    results.add(
        "rss_added_mb",
        new Figure(
            "resident memory that the module adds to a process, after 1,000 prepares",
            "MiB",
            null,
            total,
            List.of(total),
            List.of(),
            ""));
    results.point("cold and warm", "boot", boot.median() / 1e6);
    results.point("cold and warm", "java -version", plain.median() / 1e6);
    results.point("cold and warm", "recover", recover.median() / 1e6);
    results.point("cold and warm", "first prepare", first.median() / 1e6);
    results.point("cold and warm", "later prepares", warm.median() / 1e6);
  }

  private double plainStart() throws IOException {
    Path java = settings.java().resolve("bin/java");
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(List.of(java.toString(), "-Xshare:auto", "-version"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(java + " -version failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return System.nanoTime() - begun;
  }

  private void note(Map<String, Double> before, Map<String, Double> after) {
    after.forEach(
        (part, size) ->
            memory
                .computeIfAbsent(part, any -> new Rounds())
                .add(size - before.getOrDefault(part, 0.0)));
  }
}
