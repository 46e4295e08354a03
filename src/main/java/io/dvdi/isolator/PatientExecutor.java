// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs work that must be done: if no thread is available, it tries again later. Tasks count towards
 * the thread limit of the agent's unit, so that it may be reached for a while. Thread-safe.
 */
final class PatientExecutor implements Executor {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Executor threads;
  private final ScheduledExecutorService timer;

  PatientExecutor(Executor threads, ScheduledExecutorService timer) {
    this.threads = threads;
    this.timer = timer;
  }

  /**
   * Returns at once, or when there is memory to remember it.
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
            timer.schedule(() -> execute(body), PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        return;
      } catch (OutOfMemoryError e) {
        Patience.pause();
      }
    }
  }
}
