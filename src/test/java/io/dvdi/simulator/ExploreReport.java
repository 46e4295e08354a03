// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.simulator.Habits.Keeps;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Explores small worlds, and prints what was found. */
final class ExploreReport {
  /**
   * A small world.
   *
   * @param keeps how its driver keeps its users
   * @param kills of the agent, at most
   * @param faults at most
   * @param other there is another client
   */
  record Small(Keeps keeps, int kills, int faults, boolean other) {}

  static final List<Small> ALL =
      List.of(
          new Small(Keeps.IDS, 2, 1, true),
          new Small(Keeps.COUNT, 2, 1, true),
          new Small(Keeps.NOTHING, 2, 1, true),
          new Small(Keeps.IDS, 1, 2, true),
          new Small(Keeps.COUNT, 1, 2, true),
          new Small(Keeps.NOTHING, 1, 2, true));

  private ExploreReport() {}

  /** How many rules were broken. */
  static int explore(List<Small> worlds, PrintStream out) {
    int broken = 0;
    for (Small small : worlds) {
      long start = System.nanoTime();
      Explorer explorer = new Explorer();
      int states = explorer.explore(small.keeps(), small.kills(), small.faults(), small.other());
      out.printf(
          Locale.ROOT,
          "A driver that keeps %s, %d kills, %d faults%s: %,d states in %.1f s, %d violations%n",
          small.keeps().name().toLowerCase(Locale.ROOT),
          small.kills(),
          small.faults(),
          small.other() ? ", another client" : "",
          states,
          (System.nanoTime() - start) / 1e9,
          explorer.violations.size());
      explorer.ends.forEach(
          (end, times) -> out.printf(Locale.ROOT, "%,12d  %s%n", times, end.words));
      explorer.violations.forEach(
          (rule, trace) -> out.println("  === " + rule + ": " + String.join("; ", trace)));
      broken += explorer.violations.size();
    }
    return broken;
  }
}
