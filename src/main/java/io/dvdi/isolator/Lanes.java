// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.log.Log;
import io.dvdi.volume.VolumeId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One order for each volume: its operations run one after another, in the order in which they came,
 * each on some thread. A volume with nothing to do has no lane, and costs nothing. Thread-safe.
 *
 * <p>An operation that was taken is run, whatever fails: where no thread can be had, its caller's
 * is used.
 */
final class Lanes {
  /** What waits behind the operation that runs; an entry exists while one runs. */
  private final Map<VolumeId, Queue<Runnable>> waiting = new HashMap<>();

  private final Executor threads;
  private final Metrics metrics;
  private final Log log;

  Lanes(Executor threads, Metrics metrics, Log log) {
    this.threads = threads;
    this.metrics = metrics;
    this.log = log;
  }

  /** Runs the operation when all earlier ones of this volume have ended. Returns at once. */
  void run(VolumeId volume, Runnable operation) {
    if (opened(volume, operation)) {
      try {
        threads.execute(() -> drain(volume, operation));
      } catch (RuntimeException | Error e) {
        drain(volume, operation);
      }
    }
  }

  /**
   * Runs the operation on the calling thread, with those that come for this volume meanwhile; or
   * leaves it to the thread that runs an earlier one.
   */
  void runHere(VolumeId volume, Runnable operation) {
    if (opened(volume, operation)) {
      drain(volume, operation);
    }
  }

  /** Whether nothing else was under way, so that the caller has to see to the operation. */
  private boolean opened(VolumeId volume, Runnable operation) {
    synchronized (waiting) {
      Queue<Runnable> queue = waiting.get(volume);
      if (queue != null) {
        queue.add(operation);
        return false;
      }
      waiting.put(volume, new ArrayDeque<>(1));
    }
    metrics.add(Metric.OPERATIONS, 1);
    return true;
  }

  /** Takes back an operation that has not begun. No error if it has. */
  void withdraw(VolumeId volume, Runnable operation) {
    synchronized (waiting) {
      Queue<Runnable> queue = waiting.get(volume);
      if (queue != null) {
        queue.remove(operation);
      }
    }
  }

  private void drain(VolumeId volume, Runnable first) {
    for (Runnable operation = first; operation != null; operation = next(volume)) {
      try {
        operation.run();
      } catch (Throwable e) {
        report(volume, e);
      }
    }
  }

  private void report(VolumeId volume, Throwable e) {
    try {
      log.error("an operation of %s ended with %s; please report this".formatted(volume, e));
    } catch (Throwable another) {
      // No memory to say so; the operations behind it are not to wait for that.
    }
  }

  private @Nullable Runnable next(VolumeId volume) {
    synchronized (waiting) {
      Queue<Runnable> queue = waiting.get(volume);
      Runnable next = queue == null ? null : queue.poll();
      if (next != null) {
        return next;
      }
      waiting.remove(volume);
    }
    metrics.add(Metric.OPERATIONS, -1);
    return null;
  }

  /** The number of volumes with an operation under way. */
  int busy() {
    synchronized (waiting) {
      return waiting.size();
    }
  }
}
