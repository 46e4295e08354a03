// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One result.
 *
 * @param what it says, for somebody who was not there
 * @param unit empty for a ratio
 * @param most what it should be at most; null: it is only reported
 * @param value null if it was not measured
 * @param ours in each round, what its value comes from; in ns if it is a time
 * @param other the same for what ours is compared with; empty if it is compared with nothing
 * @param missing why it was not measured; empty if it was
 */
record Figure(
    String what,
    String unit,
    @Nullable Double most,
    @Nullable Double value,
    List<Double> ours,
    List<Double> other,
    String missing) {

  static final String RATIO = "";

  static Figure ratio(
      String what, @Nullable Double most, Rounds ours, Rounds other, double percent) {
    return new Figure(
        what,
        RATIO,
        most,
        ours.percentile(percent) / other.percentile(percent),
        ours.each(percent),
        other.each(percent),
        "");
  }

  /** A median in milliseconds. */
  static Figure milliseconds(String what, Rounds ours) {
    return new Figure(what, "ms", null, ours.median() / 1e6, ours.each(50), List.of(), "");
  }

  Figure atMost(@Nullable Double limit) {
    return new Figure(what, unit, limit, value, ours, other, missing);
  }

  static Figure missing(String what, String unit, @Nullable Double most, String why) {
    return new Figure(what, unit, most, null, List.of(), List.of(), why);
  }

  boolean isReached() {
    return most == null || (value != null && value <= most);
  }
}
