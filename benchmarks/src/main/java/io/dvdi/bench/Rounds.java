// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/** Times of one subject, in ns, in the rounds in which they were measured. */
final class Rounds {
  private final List<double[]> rounds = new ArrayList<>();

  void add(double[] round) {
    rounds.add(round);
  }

  void add(double time) {
    rounds.add(new double[] {time});
  }

  void addTo(Rounds others) {
    others.rounds.addAll(rounds);
  }

  /** A percentile of all times, in ns. */
  double percentile(double percent) {
    return percentile(rounds.stream().flatMapToDouble(Arrays::stream).toArray(), percent);
  }

  double median() {
    return percentile(50);
  }

  /** A percentile of each round, in ns. */
  List<Double> each(double percent) {
    return rounds.stream().map(round -> percentile(round, percent)).toList();
  }

  static double percentile(double[] times, double percent) {
    return new Percentile(percent).evaluate(times);
  }
}
