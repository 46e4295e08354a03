// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs what is overdue. Nearly every deadline is met, so setting one and cancelling it wakes no
 * thread: the timer is set once, for the earliest deadline, and not taken back. Thread-safe.
 */
final class Deadlines {

  /** A deadline that was set. */
  static final class Deadline {
    private final long moment; // ns of System.nanoTime()
    private final long number;
    private final Runnable overdue;

    private Deadline(long moment, long number, Runnable overdue) {
      this.moment = moment;
      this.number = number;
      this.overdue = overdue;
    }
  }

  private static final Comparator<Deadline> ORDER =
      (a, b) ->
          a.moment != b.moment
              ? Long.signum(a.moment - b.moment) // a difference, because nanoTime may overflow
              : Long.compare(a.number, b.number);

  private final ScheduledExecutorService timer;
  private final Runnable expire = this::expire;
  private final Runnable round = this::round;

  // Used only by the timer's thread.
  private final List<Deadline> due = new ArrayList<>();
  private int done;

  // Guarded by this object.
  private final TreeSet<Deadline> all = new TreeSet<>(ORDER);
  private long numbers;
  private boolean isTimed;
  private long timed;

  Deadlines(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /**
   * Sets a deadline.
   *
   * @param overdue run on the timer's thread, unless the deadline is cancelled before. If memory
   *     runs out, it is run again
   * @throws OutOfMemoryError if it is not set
   * @throws RejectedExecutionException if the module is closing
   */
  synchronized Deadline set(Duration time, Runnable overdue) {
    Deadline deadline =
        new Deadline(System.nanoTime() + Math.max(1, time.toNanos()), numbers++, overdue);
    time(deadline.moment);
    all.add(deadline);
    return deadline;
  }

  synchronized void cancel(Deadline deadline) {
    boolean unused = all.remove(deadline);
  }

  private void time(long moment) {
    if (isTimed && timed - moment <= 0) {
      return;
    }
    Future<?> unused =
        timer.schedule(expire, Math.max(1, moment - System.nanoTime()), TimeUnit.NANOSECONDS);
    isTimed = true;
    timed = moment;
  }

  /** Runs on the timer's thread. If it ended early, nobody would set the timer again. */
  private void expire() {
    Patience.run(round);
  }

  /** May be run again after any of its allocations. */
  private void round() {
    long left;
    do {
      take();
      while (done < due.size()) {
        run(due.get(done).overdue);
        done++;
      }
      left = untimed();
      LockSupport.parkNanos(left);
    } while (left > 0 && !Thread.currentThread().isInterrupted());
  }

  /** May be run again after any of its allocations. */
  private synchronized void take() {
    if (done == due.size()) {
      due.clear();
      done = 0;
    }
    long now = System.nanoTime();
    while (!all.isEmpty() && all.first().moment - now <= 0) {
      due.add(all.first());
      boolean unused = all.remove(all.first());
    }
    isTimed = false;
    if (!all.isEmpty()) {
      try {
        time(all.first().moment);
      } catch (RejectedExecutionException e) {
        // The module is closing, but what is set is still run.
      }
    }
  }

  /**
   * In ns until the next deadline, if the timer is not set for it and never will be; otherwise 0.
   */
  private synchronized long untimed() {
    return isTimed || all.isEmpty() ? 0 : Math.max(1, all.first().moment - System.nanoTime());
  }

  private static void run(Runnable overdue) {
    try {
      Patience.run(overdue); // a deadline must not be lost to a full heap
    } catch (RuntimeException | LinkageError e) {
      // The module is closing, or a class was lost. The others are still run.
    }
  }
}
