// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.simulator.Habits.Keeps;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** The command line of {@code bin/simulate}. */
final class Simulate {
  private static final String USAGE =
      """
      Usage: bin/simulate [--lives N] [--seed S] [--threads T]
             bin/simulate --table [--lives N] [--seed S]
             bin/simulate --explore [ids|count|none|local KILLS FAULTS OTHER]
             bin/simulate --planted [NAME]
             bin/simulate --ends
      """;

  private Simulate() {}

  public static void main(String[] arguments) throws InterruptedException, IOException {
    if (arguments.length > 0 && arguments[0].equals("--ends")) {
      System.exit(EndTraces.print(System.out) == 0 ? 0 : 1);
    }
    if (arguments.length > 0 && arguments[0].equals("--explore")) {
      System.exit(ExploreReport.explore(worlds(arguments), System.out) == 0 ? 0 : 1);
    }
    long lives = 10_000;
    long seed = 1;
    int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    boolean table = false;
    boolean brief = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--lives" -> lives = number(arguments, ++i);
        case "--seed" -> seed = number(arguments, ++i);
        case "--threads" -> threads = (int) number(arguments, ++i);
        case "--table" -> table = true;
        case "--brief" -> brief = true; // for --planted: the first violation, and no more
        default -> usage();
      }
    }
    if (table) {
      LifeTable.of(seed, lives).lines().forEach(System.out::println);
      return;
    }
    Lives run = new Lives(seed, lives, brief);
    run.live(threads);
    PrintStream out = System.out;
    if (brief) {
      out.println(run.firstViolation());
    } else {
      Report.print(run, out);
    }
    System.exit(run.found() ? 1 : 0);
  }

  private static List<ExploreReport.Small> worlds(String[] arguments) {
    if (arguments.length == 1) {
      return ExploreReport.ALL;
    }
    if (arguments.length != 5) {
      usage();
    }
    if (arguments[1].equals("local")) {
      return List.of(
          ExploreReport.Small.local((int) number(arguments, 2), (int) number(arguments, 3)));
    }
    Keeps keeps =
        switch (arguments[1]) {
          case "ids" -> Keeps.IDS;
          case "count" -> Keeps.COUNT;
          case "none" -> Keeps.NOTHING;
          default -> throw new IllegalArgumentException(USAGE);
        };
    return List.of(
        new ExploreReport.Small(
            keeps,
            (int) number(arguments, 2),
            (int) number(arguments, 3),
            number(arguments, 4) > 0));
  }

  private static long number(String[] arguments, int i) {
    try {
      return Long.parseLong(arguments[i]);
    } catch (RuntimeException e) {
      usage();
      return 0;
    }
  }

  private static void usage() {
    System.err.print(USAGE);
    System.exit(2);
  }
}
