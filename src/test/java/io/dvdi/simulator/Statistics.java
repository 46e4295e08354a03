// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import org.jspecify.annotations.Nullable;

/** What was met, counted by one thread. */
final class Statistics {
  /** Kinds of steps, for crash points and for the length of a life. */
  enum StepKind {
    WRITE,
    REMOVE,
    ASK,
    LOOK,
    CREATE,
    MOUNT,
    UNMOUNT,
    FORCE,
    CHOWN,
    GIVE,
    REFUSE,
    DELAY,
    REDIRECT,
    FREED,
    WAKE_AT,
    SAY,
    INQUIRE,
    WANT,
    RELEASE,
    LAUNCH,
    FAIL,
    CLEANED_UP
  }

  final long[] faults = new long[Fault.values().length];
  final long[] ends = new long[AcceptedEnd.values().length];
  final long[] killedBefore = new long[StepKind.values().length];
  final long[] killedAfter = new long[StepKind.values().length];
  long lives;
  long steps;
  long launched;
  long failed;

  /** What came out of the core; null where nobody asks for that. */
  @Nullable LifeTable table;

  void add(Statistics other) {
    sum(faults, other.faults);
    sum(ends, other.ends);
    sum(killedBefore, other.killedBefore);
    sum(killedAfter, other.killedAfter);
    lives += other.lives;
    steps += other.steps;
    launched += other.launched;
    failed += other.failed;
  }

  private static void sum(long[] to, long[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }
}
