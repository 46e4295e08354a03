// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was taken is done, also when the process has no thread left to give. */
class NoThreadsTest {
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void whatHasToBeDoneWaitsForAThread() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    CountDownLatch ran = new CountDownLatch(1);
    Patience patient =
        new Patience(
            body -> {
              if (tries.incrementAndGet() < 3) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              body.run();
            },
            timer);
    patient.execute(ran::countDown);
    assertEquals(1, tries.get(), "the caller is not kept");
    assertEquals(true, ran.await(20, TimeUnit.SECONDS));
  }
}
