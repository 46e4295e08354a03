// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * How much a figure differs between two runs, with the interval in which the difference lies with
 * 95 % confidence, by bootstrapping over rounds.
 *
 * @param ratio new / old
 */
record Interval(double ratio, double low, double high) {
  private static final int DRAWS = 10_000;
  private static final int SEED = 42; // the same answer for the same runs

  /** Whether the difference is more than noise. */
  boolean isDifferent() {
    return low > 1 || high < 1;
  }

  /**
   * Compares two runs.
   *
   * @param before a value for each round of the old run
   * @param after a value for each round of the new run
   */
  static Interval of(double[] before, double[] after) {
    RandomGenerator random = new Well19937c(SEED);
    double[] ratios = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      ratios[i] = drawn(after, random) / drawn(before, random);
    }
    return new Interval(
        Rounds.percentile(after, 50) / Rounds.percentile(before, 50),
        Rounds.percentile(ratios, 2.5),
        Rounds.percentile(ratios, 97.5));
  }

  /** The median of as many rounds, each drawn at random. */
  private static double drawn(double[] rounds, RandomGenerator random) {
    double[] drawn = new double[rounds.length];
    Arrays.setAll(drawn, i -> rounds[random.nextInt(rounds.length)]);
    return Rounds.percentile(drawn, 50);
  }
}
