// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.simulator.Statistics.StepKind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code bin/simulate} prints. */
final class Report {
  private Report() {}

  static void print(Lives run, PrintStream out) {
    Statistics met = run.statistics;
    out.println("Faults:");
    for (Fault fault : Fault.values()) {
      line(out, met.faults[fault.ordinal()], words(fault));
    }
    out.println("Kills, before and after each step:");
    for (StepKind kind : StepKind.values()) {
      out.printf(
          Locale.ROOT,
          "%,12d %,10d  %s%n",
          met.killedBefore[kind.ordinal()],
          met.killedAfter[kind.ordinal()],
          words(kind));
    }
    out.println("Ends that nobody can avoid:");
    for (AcceptedEnd end : AcceptedEnd.values()) {
      line(out, met.ends[end.ordinal()], end.title() + ": " + end.words);
    }
    out.printf(
        Locale.ROOT,
        "%,d lives from seed %d in %.0f s: %,.0f lives/s, %,.0f steps/s, %.1f steps a life;"
            + " %,d containers launched, %,d failed%n",
        met.lives,
        run.seed,
        run.seconds,
        met.lives / run.seconds,
        met.steps / run.seconds,
        (double) met.steps / Math.max(1, met.lives),
        met.launched,
        met.failed);
    for (Map.Entry<String, Lives.Found> entry : run.violations.entrySet()) {
      Lives.Found found = entry.getValue();
      List<String> trace = new ArrayList<>();
      int[] choices = Shrinker.shrink(found.choices(), entry.getKey(), trace);
      out.printf(
          Locale.ROOT,
          "=== %s: %d times; first in life %d; shortest, with %d choices:%n",
          entry.getKey(),
          found.times(),
          found.life(),
          choices.length);
      trace.forEach(line -> out.println("  " + line));
    }
    out.printf(
        Locale.ROOT,
        "%d violations of %d rules%n",
        run.violations.values().stream().mapToLong(Lives.Found::times).sum(),
        run.violations.size());
  }

  private static void line(PrintStream out, long times, String words) {
    out.printf(Locale.ROOT, "%,12d  %s%n", times, words);
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
