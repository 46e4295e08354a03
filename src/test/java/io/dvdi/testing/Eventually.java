// SPDX-License-Identifier: Apache-2.0
package io.dvdi.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what happens soon, but not at once, such as the kernel's freeing of a loop device. */
public final class Eventually {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private Eventually() {}

  /** Returns as soon as the condition holds, and fails when it never does. */
  public static void holds(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        fail("not after " + LONGEST.toSeconds() + " s: " + what);
      }
      Thread.sleep(2);
    }
  }
}
