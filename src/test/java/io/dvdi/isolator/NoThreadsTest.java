// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.log.Log;
import io.dvdi.volume.VolumeId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was taken is done, also when the process has no thread left to give. */
class NoThreadsTest {
  private static final VolumeId VOLUME = new VolumeId("tmp", "a");
  private static final Executor NONE =
      body -> {
        throw new OutOfMemoryError("unable to create native thread");
      };

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<String> done = new CopyOnWriteArrayList<>();

  /** A log that fails as it does when memory has run out. */
  private static final Log FAILING =
      new Log() {
        @Override
        public void write(Level level, String text) {
          throw new OutOfMemoryError("Java heap space");
        }
      };

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void aLaneWithoutAThreadRunsOnItsCaller() {
    Lanes lanes = new Lanes(NONE, new Metrics((metric, value) -> {}), FAILING);
    lanes.run(VOLUME, () -> done.add("first"));
    lanes.run(VOLUME, () -> done.add("second"));
    assertEquals(List.of("first", "second"), done);
    assertEquals(0, lanes.busy());
  }

  @Test
  void whatComesWhileTheCallerRunsIsRunByItToo() {
    Lanes lanes = new Lanes(NONE, new Metrics((metric, value) -> {}), FAILING);
    lanes.run(
        VOLUME,
        () -> {
          lanes.run(VOLUME, () -> done.add("second"));
          done.add("first");
        });
    assertEquals(List.of("first", "second"), done);
  }

  @Test
  void anOperationThatEndsInAnErrorDoesNotHoldUpTheNextEvenIfThatCannotBeLogged() {
    Lanes lanes = new Lanes(NONE, new Metrics((metric, value) -> {}), FAILING);
    lanes.run(
        VOLUME,
        () -> {
          lanes.run(VOLUME, () -> done.add("second"));
          throw new OutOfMemoryError("Java heap space");
        });
    assertEquals(List.of("second"), done);
    assertEquals(0, lanes.busy());
  }

  @Test
  void whatHasToBeDoneWaitsForAThread() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    CountDownLatch ran = new CountDownLatch(1);
    PatientExecutor patient =
        new PatientExecutor(
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

  @Test
  void anOperationThatWasTakenBackIsNotRun() {
    Lanes lanes = new Lanes(NONE, new Metrics((metric, value) -> {}), FAILING);
    Runnable second = () -> done.add("second");
    lanes.run(
        VOLUME,
        () -> {
          lanes.run(VOLUME, second);
          lanes.withdraw(VOLUME, second);
        });
    assertEquals(List.of(), done);
  }

  @Test
  void aRetryThatFailsForWantOfAThreadIsTriedAgain() throws InterruptedException {
    Retries retries = new Retries(timer, Duration.ofMillis(5), Duration.ofMillis(20));
    AtomicInteger tries = new AtomicInteger();
    CountDownLatch third = new CountDownLatch(1);
    retries.later(
        VOLUME,
        () -> {
          if (tries.incrementAndGet() < 3) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          third.countDown();
        });
    assertEquals(true, third.await(20, TimeUnit.SECONDS));
  }
}
