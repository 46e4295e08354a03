// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Many lives, each from a seed of its own, on some threads. */
final class Lives {
  /**
   * A rule that was broken.
   *
   * @param times how often
   * @param life the first such life
   * @param choices of the shortest such life
   */
  record Found(long times, long life, int[] choices) {}

  private static final int BATCH = 64;

  final long seed;
  final long lives;
  private final boolean untilFirst;
  private final AtomicLong next = new AtomicLong();
  private volatile boolean stopped;
  final Statistics statistics = new Statistics();
  final Map<String, Found> violations = new TreeMap<>();
  double seconds;

  Lives(long seed, long lives, boolean untilFirst) {
    this.seed = seed;
    this.lives = lives;
    this.untilFirst = untilFirst;
  }

  /** The choices of a life follow from both numbers. */
  static Choices choices(long seed, long life) {
    return Choices.of(seed * 0x9E37_79B9_7F4A_7C15L + life);
  }

  /**
   * One life: of a volume that its driver knows by several names, or of any others.
   *
   * @throws Violation if something happened that must not
   */
  static void live(Choices choices, Statistics statistics, @Nullable List<String> trace) {
    if (choices.below(8) == 7) {
      new AliasLife(choices, statistics, trace).live();
    } else {
      new Life(choices, statistics, trace).live();
    }
  }

  void live(int threads) throws InterruptedException {
    long start = System.nanoTime();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(this::work, "lives-" + i);
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join();
    }
    seconds = (System.nanoTime() - start) / 1e9;
  }

  private void work() {
    Statistics mine = new Statistics();
    while (!stopped) {
      long from = next.getAndAdd(BATCH);
      if (from >= lives) {
        break;
      }
      for (long life = from; life < Math.min(lives, from + BATCH) && !stopped; life++) {
        Choices choices = choices(seed, life);
        try {
          live(choices, mine, null);
        } catch (RuntimeException e) {
          found(Shrinker.rule(e), life, choices.made());
        }
      }
    }
    synchronized (this) {
      statistics.add(mine);
    }
  }

  private synchronized void found(String rule, long life, int[] choices) {
    statistics.lives++;
    violations.merge(
        rule,
        new Found(1, life, choices),
        (old, now) ->
            new Found(
                old.times + 1,
                Math.min(old.life, now.life),
                old.choices.length <= now.choices.length ? old.choices : now.choices));
    stopped = untilFirst;
  }

  boolean found() {
    return !violations.isEmpty();
  }

  /** For {@code --planted}: after how many lives, and what. */
  String firstViolation() {
    return violations.entrySet().stream()
        .map(found -> found.getValue().life() + 1 + " lives: " + found.getKey())
        .findFirst()
        .orElse("not found");
  }
}
