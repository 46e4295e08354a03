// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.io.IOException;
import java.nio.file.Path;

/** How a prepare fares on a full host: many mounts, many containers, many prepares at once. */
final class GrowthPart {
  private static final int EACH = 100;
  private static final int[] MOUNTS = {10, 100, 1000, 10_000};
  private static final int[] CONTAINERS = {10, 100, 1000, 5000};
  private static final int[] AT_ONCE = {1, 16, 64, 256};
  private static final int SECOND = 1000; // in ms

  private final Settings settings;
  private final Results results;

  GrowthPart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  void measure() throws IOException {
    containers("shared");
    containers("own");
    slow();
    mounts(); // last: these mounts stay
  }

  private void containers(String kind) throws IOException {
    try (Workplace place = new Workplace(settings, settings.memory().resolve("growth-" + kind))) {
      place.startPlugin(place.sockets().resolve("benchmark.sock"), 0);
      try (MeasureProgram program = place.module(place.records("state"))) {
        PreparePart.warmUp(program);
        Rounds[] measured = new Rounds[CONTAINERS.length];
        int held = 0;
        for (int i = 0; i < CONTAINERS.length; i++) {
          program.run("hold", "benchmark", "h", kind, held, CONTAINERS[i]);
          held = CONTAINERS[i];
          measured[i] = prepares(program, held + " containers held");
          results.point("containers, " + kind, String.valueOf(held), measured[i].median() / 1e6);
        }
        // Again with the fewest, because the speed of a machine changes.
        program.run("drop", CONTAINERS[0], held);
        Rounds few = prepares(program, "10 containers held, again");
        few.addTo(measured[0]);
        boolean own = kind.equals("own");
        results.add(
            own ? "containers_5000_vs_10" : "containers_5000_shared_vs_10",
            Figure.ratio(
                own
                    ? "prepare with 5,000 containers held, each with a volume of its own / with 10"
                    : "prepare with 5,000 containers held that share one volume / with 10",
                own ? 1.2 : null,
                measured[measured.length - 1],
                measured[0],
                50));
        program.run("drop", 0, CONTAINERS[0]);
        program.run("close");
      }
    }
  }

  private Rounds prepares(MeasureProgram program, String what) throws IOException {
    Rounds rounds = new Rounds();
    for (int round = 0; round < settings.rounds(); round++) {
      results.progress(what, round, settings.rounds());
      rounds.add(program.prepares("run", "module", "benchmark", "v", 1, EACH));
    }
    return rounds;
  }

  private void slow() throws IOException {
    try (Workplace place = new Workplace(settings, settings.memory().resolve("slow"))) {
      place.startPlugin(place.sockets().resolve("benchmark.sock"), SECOND);
      try (MeasureProgram program = place.module(place.records("state"))) {
        Rounds second = new Rounds();
        second.add(SECOND * 1e6);
        for (int count : AT_ONCE) {
          Rounds rounds = new Rounds();
          for (int round = 0; round < 3; round++) {
            results.progress(count + " prepares at once", round, 3);
            rounds.add(program.run("burst", "benchmark", "b", count).get(0)[0]);
          }
          results.point("prepares at once, Mount takes 1 s", count + "", rounds.median() / 1e6);
          if (count == 256) {
            results.add(
                "slow_256",
                Figure.ratio(
                    "256 prepares at once on a driver whose Mount takes 1 s: until the last answer,"
                        + " in s",
                    1.5,
                    rounds,
                    second,
                    50));
          }
        }
        program.run("close");
      }
    }
  }

  private void mounts() throws IOException {
    try (Workplace place = new Workplace(settings, settings.memory().resolve("mounts"))) {
      place.startPlugin(place.sockets().resolve("benchmark.sock"), 0);
      Path many = place.folder("many");
      Rounds[] measured = new Rounds[MOUNTS.length];
      Rounds[] limit = new Rounds[MOUNTS.length];
      try (MeasureProgram program = place.module(place.records("state"))) {
        PreparePart.warmUp(program);
        int mounted = 0;
        for (int i = 0; i < MOUNTS.length; i++) {
          program.run("mounts", many, mounted, MOUNTS[i]);
          mounted = MOUNTS[i];
          measured[i] = new Rounds();
          limit[i] = new Rounds();
          for (int round = 0; round < settings.rounds(); round++) {
            results.progress(mounted + " mounts", round, settings.rounds());
            measured[i].add(program.prepares("run", "module", "benchmark", "v", 1, EACH));
            limit[i].add(program.prepares("run", "limit", "v", EACH));
          }
          results.point("mounts", String.valueOf(mounted), measured[i].median() / 1e6);
          results.point("mounts, C program", String.valueOf(mounted), limit[i].median() / 1e6);
        }
        program.run("unmounts", many, 0, mounted);
        Rounds few = prepares(program, "no further mounts, again");
        few.addTo(measured[0]);
        program.run("close");
      }
      results.add(
          "mounts_10000_vs_10",
          Figure.ratio(
              "prepare with 10,000 mounts on the host / with 10",
              1.2,
              measured[MOUNTS.length - 1],
              measured[0],
              50));
      results.add(
          "mounts_10000_vs_10_c",
          Figure.ratio(
              "the same of the C program: what the kernel and the plugin take longer",
              null,
              limit[MOUNTS.length - 1],
              limit[0],
              50));
    }
  }
}
