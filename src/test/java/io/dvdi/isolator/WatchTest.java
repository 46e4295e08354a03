// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static io.dvdi.isolator.IsolatorFixture.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.ContainerVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that are lost while a task uses them, and how full they are. */
final class WatchTest {
  private static final long MS_RDONLY = 1;
  private static final long MS_REMOUNT = 32;

  @TempDir Path folder;
  private IsolatorFixture host;

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
  }

  private CompletableFuture<Optional<String>> watch(String container) {
    return host.isolator.watch(new ContainerId(container));
  }

  private Path mountpoint(String volume) {
    return folder.resolve("volumes").resolve(volume);
  }

  @Test
  void aContainerWhoseVolumeIsUnmountedUnderItIsEndedWithTheReason() throws LinuxException {
    host.prepare("task", "pg");
    CompletableFuture<Optional<String>> watch = watch("task");
    MountCalls.unmount(mountpoint("pg"));

    String reason = success(watch).orElseThrow();
    assertTrue(reason.contains("'pg'"), reason);
    assertTrue(reason.contains("is not mounted any more"), reason);
    assertEquals(1, host.metrics.get(Metric.VOLUMES_LOST));
    host.cleanup("task");
    assertEquals(0, host.recordCount());
  }

  @Test
  void everyContainerThatHoldsTheVolumeIsEndedAndNoOther() throws LinuxException {
    host.prepare("one", "shared");
    host.prepare("two", "shared");
    host.prepare("three", "own");
    CompletableFuture<Optional<String>> one = watch("one");
    CompletableFuture<Optional<String>> three = watch("three");
    MountCalls.unmount(mountpoint("shared"));

    assertTrue(success(one).isPresent());
    assertTrue(success(watch("two")).isPresent(), "it came to watch after the loss");
    assertFalse(three.isDone());
    host.cleanup("three");
    assertEquals(Optional.empty(), success(three));
  }

  @Test
  void aVolumeThatBecomesReadOnlyIsLost() throws LinuxException {
    host.prepare("task", "pg");
    CompletableFuture<Optional<String>> watch = watch("task");
    // As ext4 does after a disk error (errors=remount-ro). The first look sees it writable.
    sleepForSomeLooks();
    MountCalls.mount("none", mountpoint("pg"), null, MS_REMOUNT | MS_RDONLY, null);

    assertTrue(success(watch).orElseThrow().contains("has become read-only"));
  }

  @Test
  void aVolumeThatTheNextContainerMountsReadOnlyIsWell() throws IOException {
    host.prepare("writer", "pg");
    sleepForSomeLooks();
    host.cleanup("writer");
    host.driver.tmpfs("pg", "ro");
    success(
        host.isolator.prepare(
            host.container(
                "reader", new ContainerVolume(Optional.of("tmp"), "pg", "data", List.of(), true))));
    CompletableFuture<Optional<String>> watch = watch("reader");
    sleepForSomeLooks();
    assertFalse(watch.isDone());
    host.cleanup("reader");
  }

  @Test
  void aVolumeThatIsOnlyCoveredIsNotLostToTheTasksThatHaveIt() throws LinuxException {
    host.prepare("task", "pg");
    CompletableFuture<Optional<String>> watch = watch("task");
    MountCalls.mount("tmpfs", mountpoint("pg"), "tmpfs", 0, null);
    sleepForSomeLooks();
    MountCalls.unmount(mountpoint("pg"));
    sleepForSomeLooks();

    assertFalse(watch.isDone());
    host.cleanup("task");
  }

  @Test
  void aVolumeThatIsWellIsNotTouchedAndItsWatchEndsWithTheContainer() {
    host.prepare("task", "pg");
    CompletableFuture<Optional<String>> watch = watch("task");
    sleepForSomeLooks();
    assertFalse(watch.isDone());
    host.cleanup("task");
    assertEquals(Optional.empty(), success(watch));
  }

  @Test
  void aContainerWithoutVolumesAndAnUnknownOneAreAnsweredAtOnce() {
    host.prepare("none");
    assertEquals(Optional.empty(), success(watch("none")));
    assertEquals(Optional.empty(), success(watch("unknown")));
  }

  @Test
  void watchesGoOnAfterTheAgentWasRestarted() throws LinuxException {
    host.prepare("task", "pg");
    host.restart("task");
    CompletableFuture<Optional<String>> watch = watch("task");
    MountCalls.unmount(mountpoint("pg"));
    assertTrue(success(watch).isPresent());
  }

  @Test
  void usageTellsHowFullEachVolumeIs() {
    host.prepare("task", "a", "b");
    List<VolumeUsage> usage = success(host.isolator.usage(new ContainerId("task")));
    assertEquals(List.of("a", "b"), usage.stream().map(volume -> volume.id().name()).toList());
    for (VolumeUsage volume : usage) {
      assertEquals(mountpoint(volume.id().name()), volume.mountpoint());
      assertTrue(volume.fileSystem().size() > volume.fileSystem().used());
    }
    assertEquals(List.of(), success(host.isolator.usage(new ContainerId("unknown"))));
  }

  @Test
  void metricsSayWhatIsMountedAndWhatWasDone() {
    host.prepare("one", "a", "b");
    host.prepare("two", "a");
    assertEquals(2, host.metrics.get(Metric.VOLUMES_MOUNTED));
    assertEquals(2, host.metrics.get(Metric.MOUNTS));
    host.cleanup("one");
    assertEquals(1, host.metrics.get(Metric.VOLUMES_MOUNTED));
    host.cleanup("two");
    assertEquals(0, host.metrics.get(Metric.VOLUMES_MOUNTED));
    assertEquals(2, host.metrics.get(Metric.UNMOUNTS));
    eventually("no operation", () -> Long.valueOf(0).equals(host.metrics.get(Metric.OPERATIONS)));
  }

  private static void sleepForSomeLooks() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
