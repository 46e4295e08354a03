// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Every choice that a life makes, from a seed or from a list. In each, 0 is the plainest outcome:
 * no fault, no delay. A list that is cut short goes on with zeros, so that any list is a life, and
 * a shorter list is a plainer one.
 */
final class Choices {
  private final @Nullable SplittableRandom random;
  private int[] made;
  private int size;
  private final int given;

  private Choices(@Nullable SplittableRandom random, int[] made, int given) {
    this.random = random;
    this.made = made;
    this.given = given;
  }

  static Choices of(long seed) {
    return new Choices(new SplittableRandom(seed), new int[256], 0);
  }

  static Choices of(int[] list) {
    return new Choices(null, list, list.length);
  }

  /** Less than the bound. */
  int below(int bound) {
    int choice;
    if (random != null) {
      choice = random.nextInt(bound);
      if (size == made.length) {
        made = Arrays.copyOf(made, size * 2);
      }
      made[size] = choice;
    } else {
      choice = size < given ? Math.min(made[size], bound - 1) : 0;
    }
    size++;
    return choice;
  }

  /** True once in so many times. */
  boolean oneIn(int times) {
    if (random == null) {
      return below(2) == 1;
    }
    int choice = random.nextInt(times) == 0 ? 1 : 0;
    if (size == made.length) {
      made = Arrays.copyOf(made, size * 2);
    }
    made[size++] = choice;
    return choice == 1;
  }

  int[] made() {
    return Arrays.copyOf(made, Math.min(size, made.length));
  }
}
