// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Does again what there was no memory or no thread for: somebody waits for it, or a volume would be
 * held for ever. The heap is full for as long as another request takes that is too large for it.
 * Tasks count towards the thread limit of the agent's unit, so that it may be reached for a while.
 * Thread-safe.
 */
final class Patience implements Executor {
  private static final Duration UNTIL_MEMORY = Duration.ofMillis(10);
  private static final Duration UNTIL_THREAD = Duration.ofMillis(200);

  private final Executor threads;
  private final ScheduledExecutorService timer;

  /**
   * @param threads that run the work
   * @param timer runs it later, if no thread is available
   */
  Patience(Executor threads, ScheduledExecutorService timer) {
    this.threads = threads;
    this.timer = timer;
  }

  /**
   * Returns at once, or when there is memory to remember the work. It runs when a thread is
   * available.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the module is closing
   */
  @Override
  public void execute(Runnable body) {
    while (true) {
      try {
        threads.execute(body);
        return;
      } catch (RuntimeException | Error e) {
        // Later.
      }
      try {
        Future<?> unused =
            timer.schedule(() -> execute(body), UNTIL_THREAD.toNanos(), TimeUnit.NANOSECONDS);
        return;
      } catch (OutOfMemoryError e) {
        pause();
      }
    }
  }

  /**
   * Runs it until there is memory for it.
   *
   * @param body may be run again after any of its allocations
   */
  static void run(Runnable body) {
    while (true) {
      try {
        body.run();
        return;
      } catch (OutOfMemoryError e) {
        pause();
      }
    }
  }

  /** Waits a moment, without memory. */
  static void pause() {
    LockSupport.parkNanos(UNTIL_MEMORY.toNanos());
  }
}
