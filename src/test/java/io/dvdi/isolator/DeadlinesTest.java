// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Deadlines deadlines = new Deadlines(timer);
  private final List<String> overdue = new CopyOnWriteArrayList<>();
  private final CountDownLatch last = new CountDownLatch(1);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private Deadlines.Deadline set(long milliseconds, String name) {
    return deadlines.set(Duration.ofMillis(milliseconds), () -> overdue.add(name));
  }

  private void setLast(long milliseconds) {
    deadlines.set(Duration.ofMillis(milliseconds), last::countDown);
  }

  private void awaitLast() throws InterruptedException {
    assertTrue(last.await(1, TimeUnit.MINUTES), () -> "only these were overdue: " + overdue);
  }

  @Test
  void whatIsOverdueIsRunInTheOrderOfTheDeadlines() throws InterruptedException {
    deadlines.set(NEVER, () -> overdue.add("never"));
    set(60, "third");
    set(20, "first");
    set(40, "second");
    setLast(80);

    awaitLast();

    assertEquals(List.of("first", "second", "third"), overdue);
  }

  @Test
  void whatWasCancelledIsNotRunAndTheNextDeadlineIs() throws InterruptedException {
    Deadlines.Deadline cancelled = set(20, "cancelled");
    setLast(40);

    deadlines.cancel(cancelled);
    awaitLast();

    assertEquals(List.of(), overdue);
  }

  @Test
  void aDeadlineThatIsMetDoesNotReachTheTimer() {
    deadlines.cancel(deadlines.set(NEVER, () -> overdue.add("never")));
    deadlines.cancel(deadlines.set(NEVER, () -> overdue.add("never")));

    assertEquals(1, timer.getQueue().size(), "the timer is set once");
  }

  @Test
  void whatWasSetIsStillRunAfterTheTimerWasShutDown() throws InterruptedException {
    set(20, "first");
    set(40, "second");
    setLast(60);

    timer.shutdown();

    assertThrows(RejectedExecutionException.class, () -> set(1, "too late"));
    awaitLast();
    assertEquals(List.of("first", "second"), overdue);
  }

  @Test
  void aFailureKeepsNoOtherFromBeingRun() throws InterruptedException {
    deadlines.set(
        Duration.ofMillis(20),
        () -> {
          throw new RejectedExecutionException("the threads are gone");
        });
    setLast(20);

    awaitLast();
  }
}
