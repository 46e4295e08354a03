// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.volume.VolumeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * When a failed unmount is tried again: after a pause that doubles each time, at most one pause a
 * volume. Thread-safe.
 */
final class Retries {
  private record Pause(Duration length, boolean running) {}

  private final Map<VolumeId, Pause> pauses = new HashMap<>();
  private final ScheduledExecutorService timer;
  private final Duration first;
  private final Duration longest;

  Retries(ScheduledExecutorService timer, Duration first, Duration longest) {
    this.timer = timer;
    this.first = first;
    this.longest = longest;
  }

  /**
   * Runs the operation after the volume's next pause, unless one is under way. It may not block.
   */
  synchronized void later(VolumeId volume, Runnable operation) {
    Pause last = pauses.get(volume);
    if (last != null && last.running) {
      return;
    }
    Duration length = last == null ? first : shorter(last.length.multipliedBy(2), longest);
    pauses.put(volume, new Pause(length, true));
    try {
      Future<?> unused =
          timer.schedule(
              () -> {
                ended(volume, length);
                try {
                  operation.run();
                } catch (Throwable e) {
                  // For want of a thread or memory now; later there may be some.
                  later(volume, operation);
                }
              },
              length.toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The module is closing; the record is on disk, and the next agent's recover tries again.
      pauses.remove(volume);
    } catch (Error e) {
      ended(volume, length);
      throw e;
    }
  }

  /** The volume needs no retry any more; its next pause is a short one again. */
  synchronized void done(VolumeId volume) {
    pauses.remove(volume);
  }

  private synchronized void ended(VolumeId volume, Duration length) {
    pauses.computeIfPresent(volume, (id, pause) -> new Pause(length, false));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
