// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Does again what there was no memory for: somebody waits for it, or a volume would be held for
 * ever. The heap is full for as long as another request takes that is too large for it.
 */
final class Patience {
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Patience() {}

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
    LockSupport.parkNanos(PAUSE.toNanos());
  }
}
