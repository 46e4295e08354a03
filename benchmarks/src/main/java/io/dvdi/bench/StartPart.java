// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the module costs an agent that starts: time until it is ready, the first prepare, memory.
 */
final class StartPart {
  private static final int PROCESSES = 15;
  private static final int PREPARES = 1000;

  private final Settings settings;
  private final Results results;
  private final Rounds boot = new Rounds();
  private final Rounds recover = new Rounds();
  private final Rounds plain = new Rounds();
  private final Rounds first = new Rounds();
  private final Rounds warm = new Rounds();
  private final Rounds added = new Rounds(); // memory, in MiB
  private final Map<String, Rounds> addedTo = new TreeMap<>(); // the same of each part

  StartPart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  void measure() throws IOException {
    for (int i = 0; i < PROCESSES; i++) {
      results.progress("start: fresh processes", i, PROCESSES);
      try (Workplace place = new Workplace(settings, settings.memory().resolve("start-" + i))) {
        PluginProgram plugin = place.startPlugin(place.sockets().resolve("benchmark.sock"), 0);
        try (MeasureProgram program = place.program()) {
          measure(place, plugin, program);
        }
      }
    }
    boolean ofPackage = settings.installed().isPresent();
    results.add(
        "boot_vs_plain_jvm",
        Figure.ratio(
            "from loading the library until the module is ready / java -version",
            ofPackage ? 2.5 : null,
            boot,
            plain,
            50));
    results.add("boot_ms", Figure.milliseconds("from loading the library until it is ready", boot));
    results.add(
        "recover_ms",
        Figure.milliseconds("from then until it has recovered, with a rehearsal", recover));
    results.add(
        "first_prepare_ms",
        Figure.milliseconds("the first prepare of a process, without the plugin's own time", first)
            .atMost(ofPackage ? 25.0 : null));
    results.add(
        "rss_added_mb",
        new Figure(
            "resident memory that the module adds to a process, after 1,000 prepares",
            "MiB",
            ofPackage ? 48.0 : null,
            added.median(),
            added.each(50),
            List.of(),
            ""));
    addedTo.forEach((part, size) -> results.point("memory", part, size.median()));
    results.note(
        "rss_added_mb by part: "
            + addedTo.entrySet().stream()
                .map(
                    part ->
                        String.format(
                            Locale.ROOT, "%s %.1f", part.getKey(), part.getValue().median()))
                .collect(joining("; ")));
    results.point("cold and warm", "boot", boot.median() / 1e6);
    results.point("cold and warm", "java -version", plain.median() / 1e6);
    results.point("cold and warm", "recover", recover.median() / 1e6);
    results.point("cold and warm", "first prepare", first.median() / 1e6);
    results.point("cold and warm", "later prepares", warm.median() / 1e6);
  }

  /** Measures one fresh process. */
  private void measure(Workplace place, PluginProgram plugin, MeasureProgram program)
      throws IOException {
    Path java = settings.java().resolve("bin/java");
    plain.add(program.run("start", java, "-Xshare:auto", "-version").get(0)[0]);
    Map<String, Double> before = new ResidentMemory(program.pid()).parts();
    double[] opened = place.open(program, place.records("state"));
    boot.add(opened[0]);
    recover.add(opened[1]);
    double unused = plugin.needed();
    double prepare = program.run("hold", "benchmark", "v", "own", 0, 1).get(0)[0];
    first.add(prepare - plugin.needed());
    program.run("drop", 0, 1);
    warm.add(program.prepares("run", "module", "benchmark", "v", 1, PREPARES - 1));
    noteMemory(before, new ResidentMemory(program.pid()).parts());
    program.run("close");
  }

  private void noteMemory(Map<String, Double> before, Map<String, Double> after) {
    double total = 0;
    for (Map.Entry<String, Double> part : after.entrySet()) {
      double more = (part.getValue() - before.getOrDefault(part.getKey(), 0.0)) / 1024;
      addedTo.computeIfAbsent(part.getKey(), any -> new Rounds()).add(more);
      total += more;
    }
    added.add(total);
  }
}
