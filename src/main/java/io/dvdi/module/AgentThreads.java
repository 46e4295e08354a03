// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads in the agent's process. Its exit waits for none of them: what is under way is on record.
 */
final class AgentThreads {
  private static final long PAUSE_NANOS = 1_000_000;

  private AgentThreads() {}

  /**
   * A timer that has its thread from now on: a deadline must not depend on whether one can be
   * started later. A thread that ends because memory ran out is replaced.
   */
  static ScheduledThreadPoolExecutor timer(String prefix) {
    Revival revival = new Revival();
    revival.uncaughtException(Thread.currentThread(), new OutOfMemoryError("rehearsal"));
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            body -> {
              Thread thread = named(prefix).newThread(body);
              thread.setUncaughtExceptionHandler(revival);
              return thread;
            });
    revival.timer = timer;
    timer.setRemoveOnCancelPolicy(true);
    boolean unused = timer.prestartCoreThread();
    return timer;
  }

  /**
   * Runs on the thread that ends. Before there is a timer, it rehearses that: what the JVM loads at
   * the first time takes memory.
   */
  private static final class Revival implements Thread.UncaughtExceptionHandler {
    private volatile @Nullable ScheduledThreadPoolExecutor timer;

    @Override
    public void uncaughtException(Thread ended, Throwable why) {
      ScheduledThreadPoolExecutor revived = timer;
      do {
        try {
          if (revived == null) {
            throw new OutOfMemoryError("rehearsal");
          }
          boolean unused = revived.prestartCoreThread();
          return;
        } catch (OutOfMemoryError e) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      } while (revived != null && !revived.isShutdown());
    }
  }

  /** Daemon threads with this prefix and a number as their names. */
  static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return body -> {
      Thread thread = new Thread(body, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
