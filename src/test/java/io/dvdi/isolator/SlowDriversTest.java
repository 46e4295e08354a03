// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static io.dvdi.isolator.IsolatorFixture.failure;
import static io.dvdi.isolator.IsolatorFixture.success;
import static io.dvdi.isolator.ScriptedDriver.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.volume.ContainerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Drivers that take their time: only their own volumes wait. */
class SlowDriversTest extends RunningIsolator {
  @Test
  void aDriverThatNeverAnswersFailsTheTaskAtTheDeadlineAndALateMountIsUndone() {
    host.mountTimeout = Duration.ofSeconds(2);
    host.unmountTimeout = Duration.ofHours(1);
    host.renew();
    CountDownLatch answers = new CountDownLatch(1);
    host.driver.beforeMount("slow", waitFor(answers));
    String failure = host.prepareFails(host.container("c1", "slow"));
    assertTrue(failure.contains("'slow'") && failure.contains("mount_timeout"), failure);
    // Mesos cleans up a container whose prepare failed.
    CompletableFuture<?> cleaned = host.isolator.cleanup(new ContainerId("c1"));
    Object unused = success(cleaned);
    // Nothing is wedged: other volumes are served, and so is this one once its driver has answered.
    host.prepare("c2", "other");
    assertTrue(host.prepareFails(host.container("c3", "slow")).contains("an earlier operation"));
    answers.countDown();
    eventually("the late mount is undone", () -> host.mounts().equals(List.of("other")));
    host.prepare("c4", "slow");
    host.cleanup("c4");
    host.cleanup("c2");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @Test
  void aCallReturnsAtOnceWhileADriverTakesItsTime() {
    CountDownLatch answers = new CountDownLatch(1);
    host.driver.beforeMount("slow", waitFor(answers)).beforeUnmount("slow", waitFor(answers));
    List<CompletableFuture<Launch>> prepared = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      prepared.add(host.isolator.prepare(host.container("c" + i, "slow")));
    }
    // The driver has not answered yet.
    assertTrue(prepared.stream().noneMatch(CompletableFuture::isDone));
    answers.countDown();
    prepared.forEach(IsolatorFixture::success);
    assertEquals(1, host.driver.count("mount slow"));
  }

  @Test
  void aContainerThatWaitsForItsDriverTakesOneThread() {
    CountDownLatch answers = new CountDownLatch(1);
    List<CompletableFuture<Launch>> prepared = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      host.driver.beforeMount("v" + i, waitFor(answers));
      prepared.add(host.isolator.prepare(host.container("c" + i, "v" + i)));
    }
    eventually("all are asked", () -> host.driver.calls.size() == 20);
    // Looks at file systems have threads of their own, and have all ended.
    eventually("no other threads", () -> host.busyThreads() == 20);
    answers.countDown();
    prepared.forEach(IsolatorFixture::success);
  }

  @Test
  void volumesDoNotWaitForEachOtherAlsoWhen256AreUnderWay() {
    int volumes = 256;
    CountDownLatch allInside = new CountDownLatch(volumes);
    List<CompletableFuture<Launch>> prepared = new ArrayList<>();
    for (int i = 0; i < volumes; i++) {
      host.driver.beforeMount(
          "v" + i,
          () -> {
            // Comes back only when every other driver call has been entered.
            allInside.countDown();
            waitFor(allInside).run();
          });
    }
    for (int i = 0; i < volumes; i++) {
      prepared.add(host.isolator.prepare(host.container("c" + i, "v" + i)));
    }
    prepared.forEach(IsolatorFixture::success);
    assertEquals(volumes, host.mounts().size());
    List<CompletableFuture<?>> cleaned = new ArrayList<>();
    for (int i = 0; i < volumes; i++) {
      cleaned.add(host.isolator.cleanup(new ContainerId("c" + i)));
    }
    cleaned.forEach(IsolatorFixture::success);
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void aContainerThatEndsBeforeItsPrepareHasBegunLeavesNothing() {
    for (int i = 0; i < 50; i++) {
      CompletableFuture<Launch> prepared = host.isolator.prepare(host.container("c" + i, "a"));
      Object unused = success(host.isolator.cleanup(new ContainerId("c" + i)));
      eventually("it is answered", prepared::isDone);
    }
    nothingIsLeft();
  }

  @Test
  void cleanupDuringPrepareFailsItAndLeavesNothing() {
    host.unmountTimeout = Duration.ofHours(1);
    host.renew();
    CountDownLatch answers = new CountDownLatch(1);
    host.driver.beforeMount("a", waitFor(answers));
    CompletableFuture<Launch> prepared = host.isolator.prepare(host.container("c1", "a"));
    eventually("it is asked", () -> host.driver.count("mount a") == 1);
    CompletableFuture<?> cleaned = host.isolator.cleanup(new ContainerId("c1"));
    assertTrue(failure(prepared).contains("was destroyed while it was being prepared"));
    // It never had the volume: its end does not wait for the driver.
    Object unused = success(cleaned);
    answers.countDown();
    eventually("it is undone", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }
}
