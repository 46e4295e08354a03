// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.io.IOException;
import java.nio.file.Path;

/** Prepare and cleanup of a volume, beside the C program that makes the same system calls. */
final class PreparePart {
  private static final int WARM_UP = 3000;
  private static final int EACH = 200;

  private final Settings settings;
  private final Results results;

  PreparePart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  void measure() throws IOException {
    onMemory();
    onDisk();
  }

  private void onMemory() throws IOException {
    Rounds ours = new Rounds();
    Rounds limit = new Rounds();
    Rounds three = new Rounds();
    Rounds shared = new Rounds();
    try (Workplace place = new Workplace(settings, settings.memory().resolve("prepare"))) {
      place.startPlugin(place.sockets().resolve("benchmark.sock"), 0);
      try (MeasureProgram program = place.module(place.records("state"))) {
        warmUp(program);
        for (int round = 0; round < settings.rounds(); round++) {
          results.progress("prepare", round, settings.rounds());
          ours.add(program.both("run", "module", "benchmark", "v", 1, EACH));
          limit.add(program.both("run", "limit", "v", EACH));
        }
        program.run("run", "module", "benchmark", "three", 3, EACH);
        program.run("hold", "benchmark", "held", "shared", 0, 1);
        for (int round = 0; round < settings.rounds(); round++) {
          results.progress("prepare: three volumes, a shared volume", round, settings.rounds());
          three.add(program.both("run", "module", "benchmark", "three", 3, EACH / 2));
          shared.add(program.both("run", "module", "benchmark", "held", 1, EACH));
        }
        program.run("drop", 0, 1);
        program.run("close");
      }
    }
    results.add(
        "prepare_vs_c",
        Figure.ratio(
            "prepare and cleanup of one volume of a plugin, beside a C program with the same system"
                + " calls",
            1.5,
            ours,
            limit,
            50));
    results.add(
        "prepare_p99_vs_c", Figure.ratio("the same at the 99th percentile", 3.0, ours, limit, 99));
    results.add("prepare_ms", Figure.milliseconds("prepare and cleanup of one volume", ours));
    results.add("prepare_c_ms", Figure.milliseconds("the C program with the same calls", limit));
    results.add("prepare_three_ms", Figure.milliseconds("the same of three volumes", three));
    results.add(
        "prepare_shared_ms",
        Figure.milliseconds("the same of a volume that another container holds", shared));
  }

  private void onDisk() throws IOException {
    Rounds ours = new Rounds();
    Rounds limit = new Rounds();
    try (Workplace place = new Workplace(settings, settings.memory().resolve("prepare-disk"));
        Workplace disk = new Workplace(settings, settings.disk().resolve("prepare-disk"))) {
      Path socket = place.sockets().resolve("benchmark.sock");
      place.startPlugin(socket, 0);
      try (MeasureProgram program = place.module(disk.records("state"))) {
        program.run("limit", socket, disk.records("limit"), place.volumes());
        program.run("run", "module", "benchmark", "v", 1, EACH * 3);
        for (int round = 0; round < settings.rounds(); round++) {
          results.progress("prepare: records on a disk", round, settings.rounds());
          ours.add(program.both("run", "module", "benchmark", "v", 1, EACH / 8));
          limit.add(program.both("run", "limit", "v", EACH / 8));
        }
        program.run("close");
      }
    }
    results.add(
        "prepare_disk_vs_c",
        Figure.ratio("prepare_vs_c with the records on a disk", null, ours, limit, 50));
  }

  /** Until all is compiled. */
  static void warmUp(MeasureProgram program) throws IOException {
    program.run("run", "module", "benchmark", "v", 1, WARM_UP);
    program.run("run", "limit", "v", EACH);
  }
}
