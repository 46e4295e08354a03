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
   * @param own its driver is {@code local}
   * @param kills of the agent, at most
   * @param faults at most
   * @param other there is another client
   */
  record Small(Keeps keeps, boolean own, int kills, int faults, boolean other) {

    /** A driver that is another program. */
    Small(Keeps keeps, int kills, int faults, boolean other) {
      this(keeps, false, kills, faults, other);
    }

    /** The driver {@code local}, which has no other client. */
    static Small local(int kills, int faults) {
      return new Small(Keeps.NOTHING, true, kills, faults, false);
    }

    private String driver() {
      return own
          ? "The driver local"
          : "A driver that keeps " + keeps.name().toLowerCase(Locale.ROOT);
    }
  }

  static final List<Small> ALL =
      List.of(
          new Small(Keeps.IDS, 2, 1, true),
          new Small(Keeps.COUNT, 2, 1, true),
          new Small(Keeps.NOTHING, 2, 1, true),
          new Small(Keeps.IDS, 1, 2, true),
          new Small(Keeps.COUNT, 1, 2, true),
          new Small(Keeps.NOTHING, 1, 2, true),
          Small.local(2, 1),
          Small.local(1, 2),
          Small.local(2, 2));

  private ExploreReport() {}

  /** How many rules were broken. */
  static int explore(List<Small> worlds, PrintStream out) {
    int broken = 0;
    for (Small small : worlds) {
      long start = System.nanoTime();
      Explorer explorer = new Explorer();
      int states = explorer.explore(small);
      out.printf(
          Locale.ROOT,
          "%s, %d kills, %d faults%s: %,d states in %.1f s, %d violations%n",
          small.driver(),
          small.kills(),
          small.faults(),
          small.other() ? ", another client" : "",
          states,
          (System.nanoTime() - start) / 1e9,
          explorer.violations.size());
      explorer.ends.forEach(
          (end, times) -> out.printf(Locale.ROOT, "%,12d  %s%n", times, end.title()));
      explorer.violations.forEach(
          (rule, trace) -> out.println("  === " + rule + ": " + String.join("; ", trace)));
      broken += explorer.violations.size();
    }
    return broken;
  }
}
