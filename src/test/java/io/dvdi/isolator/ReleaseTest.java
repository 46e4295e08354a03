// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import io.dvdi.linux.MountCalls;
import io.dvdi.volume.ContainerId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unmounts whose outcome is not known, and what goes wrong on the way to one. */
class ReleaseTest {
  private static final long MS_RDONLY = 1;
  private static final long MS_REMOUNT = 32;

  @TempDir Path folder;
  IsolatorFixture host;

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
  }

  /** A look at a mount makes it busy. */
  @Test
  void aVolumeIsNotUnmountedWhileSomebodyAsksHowFullItIs() throws InterruptedException {
    host.prepare("c1", "a");
    AtomicReference<SlowUsage> made = new AtomicReference<>();
    host.mounts = mounts -> made.updateAndGet(none -> new SlowUsage(mounts));
    host.restart("c1");
    CompletableFuture<?> usage = host.isolator.usage(new ContainerId("c1"));
    made.get().asked.await();

    CompletableFuture<?> cleaned = host.isolator.cleanup(new ContainerId("c1"));
    Thread.sleep(300); // time for an Unmount that does not wait
    made.get().answers.countDown();

    CompletableFuture.allOf(usage, cleaned).join();
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
    assertEquals(1, host.driver.count("unmount a"));
    assertEquals(List.of(), host.log.stream().filter(line -> line.startsWith("ERROR")).toList());
  }

  @Test
  void aVolumeWhoseUnmountWasNotAnsweredIsNotHandedOutBeforeItIsUnmounted() {
    host.mountTimeout = Duration.ofSeconds(2);
    host.renew();
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount(
        "a",
        () -> {
          throw DriverException.uncertain("no answer within 2 s", new IOException());
        });
    host.cleanup("c1");
    // It is whole; but the driver may still be about to take it away.
    String failure = host.prepareFails(host.container("c2", "a"));
    assertTrue(failure.contains("no answer within 2 s"), failure);
    host.driver.insteadOfUnmount("a", null);
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
    host.prepare("c3", "a");
    assertEquals(2, host.driver.count("mount a"));
    host.cleanup("c3");
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void aReleaseThatRunsOutOfMemoryIsTriedAgain() {
    host.prepare("c1", "a", "b");
    AtomicInteger failures = new AtomicInteger(2);
    host.driver.beforeUnmount(
        "a",
        () -> {
          if (failures.getAndDecrement() > 0) {
            throw new OutOfMemoryError("Java heap space");
          }
        });
    host.cleanup("c1");
    eventually("all is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
    host.prepare("c2", "a");
    host.cleanup("c2");
  }

  @Test
  void aMountIsProvedWithoutAnotherThread() {
    host.driver.beforeMount("a", () -> host.noThreads = true);
    host.prepare("c1", "a");
    host.noThreads = false;
    host.cleanup("c1");
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void aCleanupWithoutAThreadIsDoneWhenThereIsOne() {
    host.prepare("c1", "a");
    host.noThreads = true;
    CompletableFuture<?> cleanup = host.isolator.cleanup(new ContainerId("c1"));
    assertFalse(cleanup.isDone());
    host.noThreads = false;
    Object unused = IsolatorFixture.success(cleanup);
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void nothingIsUnmountedThatCannotBeAnnouncedOnDisk() throws Exception {
    Path boot = host.records.resolve(IsolatorFixture.BOOT);
    MountCalls.mount("tmpfs", boot, "tmpfs", 0, "size=1m");
    try {
      host.prepare("c1", "a");
      MountCalls.mount("none", boot, null, MS_REMOUNT | MS_RDONLY, null);
      host.cleanup("c1");
      assertEquals(List.of("a", IsolatorFixture.BOOT), host.mounts());
      assertEquals(0, host.driver.count("unmount a"));
      assertTrue(
          host.log.stream()
              .anyMatch(line -> line.startsWith("ERROR") && line.contains("cannot be written")));
      MountCalls.mount("none", boot, null, MS_REMOUNT, null);
      eventually("the record is removed", () -> host.recordCount() == 0);
      assertEquals(1, host.driver.count("unmount a"));
      assertEquals(List.of(IsolatorFixture.BOOT), host.mounts());
    } finally {
      MountCalls.unmount(boot);
    }
  }
}
