// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalTest {
  private final Random random = new Random(1);

  /** Rounds around a value, with noise of a tenth. */
  private double[] around(double value) {
    double[] rounds = new double[15];
    Arrays.setAll(rounds, i -> value * (0.95 + 0.1 * random.nextDouble()));
    return rounds;
  }

  @Test
  void aDifferenceThatIsLargerThanTheNoiseIsOne() {
    Interval interval = Interval.of(around(2), around(3));

    assertTrue(interval.isDifferent(), interval::toString);
    assertEquals(1.5, interval.ratio(), 0.1);
    assertTrue(interval.low() < interval.ratio() && interval.ratio() < interval.high());
  }

  @Test
  void noiseIsNoDifference() {
    Interval interval = Interval.of(around(2), around(2));

    assertFalse(interval.isDifferent(), interval::toString);
  }
}
