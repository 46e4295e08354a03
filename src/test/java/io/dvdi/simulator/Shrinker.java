// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the life of a violation as plain as possible: fewer choices, and smaller ones. */
final class Shrinker {
  private Shrinker() {}

  static String rule(RuntimeException e) {
    return e instanceof Violation violation
        ? violation.rule
        : e + " at " + Arrays.stream(e.getStackTrace()).limit(3).toList();
  }

  /** The words of a trace without what is the same in every line. */
  static String shorten(String words) {
    return words
        .replaceAll("volume '([vV]\\d)' \\(driver driver\\)", "$1")
        .replaceAll("(spelling|service|root|device|id)=[^,\\[\\]]*,? ?", "")
        .replaceAll(
            "Evidence\\[namespace=(\\d+), uniqueId=(\\d+), mountId=(\\d+), [^\\]]*\\]",
            "mount $2/$3 in $1")
        .replaceAll(
            "Moment\\[namespace=(\\d+), newestId=(\\d+), pathKnown=\\w+, atPath=([^\\]]*\\]?)\\]",
            "after $2")
        .replaceAll("Optional\\[(.*?)\\]", "$1")
        .replace("Optional.empty", "-")
        .replace("40265318", "ns")
        .replaceAll("\\w+=(false|-|NONE|\\[\\]),? ?", "");
  }

  private static @Nullable String run(int[] choices, @Nullable List<String> trace) {
    try {
      Lives.live(Choices.of(choices), new Statistics(), trace);
      return null;
    } catch (RuntimeException e) {
      if (trace != null) {
        trace.add("VIOLATION " + e.getMessage());
      }
      return rule(e);
    }
  }

  /** The plainest life found that breaks the same rule; with its trace. */
  static int[] shrink(int[] choices, String rule, List<String> trace) {
    int[] best = choices;
    boolean better = true;
    for (int round = 0; better && round < 12; round++) {
      better = false;
      for (int size = Math.max(1, best.length / 2); size >= 1; size /= 2) {
        for (int at = 0; at < best.length; at += size) {
          int[] less = without(best, at, size);
          if (rule.equals(run(less, null))) {
            best = less;
            better = true;
          } else {
            int[] plainer = zeroed(best, at, size);
            if (plainer != null && rule.equals(run(plainer, null))) {
              best = plainer;
              better = true;
            }
          }
        }
      }
      for (int at = 0; at < best.length; at++) {
        for (int divisor : new int[] {8, 2}) {
          if (best[at] > 1) {
            int[] smaller = best.clone();
            smaller[at] /= divisor;
            if (rule.equals(run(smaller, null))) {
              best = smaller;
              better = true;
            }
          }
        }
      }
    }
    run(best, trace);
    return best;
  }

  private static int[] without(int[] list, int at, int size) {
    int end = Math.min(list.length, at + size);
    int[] less = new int[list.length - (end - at)];
    System.arraycopy(list, 0, less, 0, at);
    System.arraycopy(list, end, less, at, list.length - end);
    return less;
  }

  private static int @Nullable [] zeroed(int[] list, int at, int size) {
    int end = Math.min(list.length, at + size);
    boolean changes = false;
    for (int i = at; i < end; i++) {
      changes |= list[i] != 0;
    }
    if (!changes) {
      return null;
    }
    int[] plainer = list.clone();
    Arrays.fill(plainer, at, end, 0);
    return plainer;
  }
}
