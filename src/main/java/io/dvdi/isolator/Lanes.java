// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.log.Log;
import io.dvdi.volume.VolumeId;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One order for each volume: its operations run one after another, in the order in which they came,
 * each on some thread. A volume with nothing to do has no lane, and costs nothing. Thread-safe.
 */
final class Lanes {
  /** What waits behind the operation that runs; an entry exists while one runs. */
  private final ConcurrentMap<VolumeId, Queue<Runnable>> waiting = new ConcurrentHashMap<>();

  private final Executor threads;
  private final Log log;

  Lanes(Executor threads, Log log) {
    this.threads = threads;
    this.log = log;
  }

  /** Runs the operation when all earlier ones of this volume have ended. Returns at once. */
  void run(VolumeId volume, Runnable operation) {
    boolean[] first = {false};
    waiting.compute(
        volume,
        (id, queue) -> {
          if (queue == null) {
            first[0] = true;
            return new ArrayDeque<>();
          }
          queue.add(operation);
          return queue;
        });
    if (first[0]) {
      try {
        threads.execute(() -> drain(volume, operation));
      } catch (RuntimeException | Error e) {
        // No thread could be had: the lane must not look busy for ever.
        waiting.remove(volume);
        throw e;
      }
    }
  }

  private void drain(VolumeId volume, Runnable first) {
    for (Runnable operation = first; operation != null; operation = next(volume)) {
      try {
        operation.run();
      } catch (RuntimeException | Error e) {
        log.error("an operation of %s ended with %s; please report this".formatted(volume, e));
      }
    }
  }

  private @Nullable Runnable next(VolumeId volume) {
    Runnable[] next = {null};
    waiting.computeIfPresent(
        volume,
        (id, queue) -> {
          next[0] = queue.poll();
          return next[0] == null ? null : queue;
        });
    return next[0];
  }

  /** The number of volumes with an operation under way. */
  int busy() {
    return waiting.size();
  }
}
