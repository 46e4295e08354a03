// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads in the agent's process. Its exit waits for none of them: what is under way is on record.
 */
final class AgentThreads {
  private AgentThreads() {}

  /** For the deadlines of mounts, apart from that of retries: it ends after the last of them. */
  static ScheduledThreadPoolExecutor deadlines() {
    ScheduledThreadPoolExecutor deadlines =
        new ScheduledThreadPoolExecutor(1, named("dvdi-deadlines-"));
    deadlines.setRemoveOnCancelPolicy(true);
    // Now: a deadline must not depend on whether there is a thread to be had later.
    boolean unused = deadlines.prestartCoreThread();
    return deadlines;
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
