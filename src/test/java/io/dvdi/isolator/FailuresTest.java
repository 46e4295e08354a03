// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static io.dvdi.isolator.IsolatorFixture.failure;
import static io.dvdi.isolator.IsolatorFixture.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import io.dvdi.linux.MountCalls;
import io.dvdi.volume.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drivers that fail, lie, hang and come late; disks that are full. */
class FailuresTest {
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

  /** A failed prepare is told at once; its undo goes on behind that. */
  private void nothingIsLeft() {
    eventually("nothing is left", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  private static ScriptedDriver.Step refuse(String words) {
    return () -> {
      throw DriverException.failed(words);
    };
  }

  private static ScriptedDriver.Step waitFor(CountDownLatch latch) {
    return () -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw DriverException.uncertain("interrupted", e);
      }
    };
  }

  @Test
  void oneOfThreeVolumesFailsAndNothingIsLeft() {
    host.driver.insteadOfMount("b", refuse("the array says no"));
    String failure = host.prepareFails(host.container("c1", "a", "b", "c"));
    assertTrue(
        failure.contains("'b' (driver tmp)") && failure.contains("the array says no"), failure);
    nothingIsLeft();
    assertEquals(0, host.recordCount());
    assertEquals(1, host.driver.count("unmount a"));
    assertEquals(1, host.driver.count("unmount c"));
  }

  @Test
  void aRefusedMountFailsItsTaskAtOnceWhileAnotherTakesItsTime() {
    CountDownLatch answers = new CountDownLatch(1);
    host.driver.insteadOfMount("a", refuse("the array says no")).beforeMount("b", waitFor(answers));
    String failure = host.prepareFails(host.container("c1", "a", "b"));
    assertTrue(failure.contains("the array says no"), failure);
    answers.countDown();
    eventually("b is undone", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void undoGoesOnToTheEndWhenOneUnmountFailsAndThatOneIsTriedAgain() {
    CountDownLatch repaired = new CountDownLatch(1);
    host.driver.insteadOfMount("b", refuse("no"));
    host.driver.beforeUnmount(
        "c",
        () -> {
          if (repaired.getCount() > 0) {
            throw DriverException.failed("busy");
          }
        });
    host.prepareFails(host.container("c1", "a", "b", "c"));
    host.cleanup("c1");
    assertEquals(List.of("c"), host.mounts());
    assertEquals(1, host.recordCount());
    repaired.countDown();
    eventually("c is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void aDriverThatNeverAnswersFailsTheTaskAtTheDeadlineAndALateMountIsUndone() {
    host.mountTimeout = Duration.ofSeconds(2);
    host.renew();
    CountDownLatch answers = new CountDownLatch(1);
    host.driver.beforeMount("slow", waitFor(answers));
    String failure = host.prepareFails(host.container("c1", "slow"));
    assertTrue(failure.contains("'slow'") && failure.contains("mount_timeout"), failure);
    // Mesos cleans up a container whose prepare failed.
    CompletableFuture<?> cleaned = host.isolator.cleanup(new ContainerId("c1"));
    // Nothing is wedged: other volumes are served, and so is this one once its driver has answered.
    host.prepare("c2", "other");
    assertTrue(host.prepareFails(host.container("c3", "slow")).contains("an earlier operation"));
    answers.countDown();
    eventually("the late mount is undone", () -> host.mounts().equals(List.of("other")));
    Object unused = success(cleaned);
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
  void cleanupSucceedsWhenAnUnmountFailsAndTheUnmountIsTriedAgain() {
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", refuse("the array is away"));
    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
    assertTrue(
        host.log.stream().anyMatch(l -> l.startsWith("ERROR") && l.contains("the array is away")));
    eventually("it is tried again", () -> host.driver.count("unmount a") >= 3);
    host.driver.insteadOfUnmount("a", null);
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
    long tries = host.driver.count("unmount a");
    host.prepare("c2", "a");
    assertEquals(tries, host.driver.count("unmount a"));
  }

  @Test
  void aVolumeWhoseUnmountFailedIsMountedAnewForTheNextTaskWithAnotherId() {
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", refuse("busy"));
    host.cleanup("c1");
    host.prepare("c2", "a");
    assertEquals(2, host.driver.mountIds.getOrDefault("a", List.of()).stream().distinct().count());
    host.driver.insteadOfUnmount("a", null);
    host.cleanup("c2");
    nothingIsLeft();
  }

  @Test
  void aDriverThatSaysUnmountedWithoutUnmountingIsNotBelievedAndNotToldAgain() throws Exception {
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", () -> {});
    host.cleanup("c1");
    assertEquals(1, host.recordCount());
    assertTrue(
        host.log.stream().anyMatch(l -> l.startsWith("ERROR") && l.contains("but it still is")));
    // To a plugin that counts, it would be the Unmount of whoever still has the volume.
    Thread.sleep(200);
    host.restart();
    assertEquals(1, host.driver.count("unmount a"));
    assertEquals(1, host.recordCount());
    MountCalls.unmount(host.driver.path("a"));
    eventually("it is seen to be gone", () -> host.recordCount() == 0);
  }

  @Test
  void aVolumeThatWasGivenUpIsMountedAnewForTheNextContainer() throws Exception {
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", () -> {});
    host.cleanup("c1");
    // As its other user would, in the end.
    MountCalls.unmount(host.driver.path("a"));
    host.driver.insteadOfUnmount("a", null);
    host.prepare("c2", "a");
    assertEquals(2, host.driver.count("mount a"));
    host.cleanup("c2");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @Test
  void aDriverThatFailsToUnmountWhatIsGoneIsOnlyWarnedAbout() throws IOException {
    host.prepare("c1", "a");
    MountCalls.unmount(host.driver.path("a"));
    host.cleanup("c1");
    assertEquals(0, host.recordCount());
    assertTrue(
        host.log.stream()
            .anyMatch(
                l -> l.startsWith("WARNING") && l.contains("somebody else has unmounted it")));
  }

  @Test
  void aDriverThatSaysMountedWithoutMountingIsNotBelieved() {
    host.driver.insteadOfMount("a", () -> {});
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(
        failure.contains("plain directory of the host") && failure.contains("plain_directories"),
        failure);
    nothingIsLeft();
  }

  @Test
  void aVolumeThatIsReadOnlyIsRefusedToATaskThatWrites() {
    host.driver.tmpfs("a", "ro");
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("read-only"), failure);
    nothingIsLeft();
  }

  @Test
  void aMountWhoseOutcomeIsUnknownIsUndone() {
    host.driver.insteadOfMount(
        "a",
        () -> {
          try {
            MountCalls.mount("tmpfs", host.driver.path("a"), "tmpfs", 0, null);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          throw DriverException.uncertain("the connection broke", new IOException());
        });
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("the connection broke"), failure);
    nothingIsLeft();
  }

  @Test
  void aMountThatItsDriverHasForgottenIsUnmountedWithoutIt() {
    host.driver.forgetful();
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", refuse("volume is not mounted"));
    host.cleanup("c1");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
    assertTrue(host.log.stream().anyMatch(l -> l.contains("the module has unmounted it")));
  }

  @Test
  void whatSomebodyElseMountedIsRefusedAndNeverUnmounted() throws IOException {
    Files.createDirectories(host.driver.path("a"));
    MountCalls.mount("tmpfs", host.driver.path("a"), "tmpfs", 0, null);
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("did not mount"), failure);
    assertEquals(List.of("a"), host.mounts());
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void whatSomebodyElseMountedInPlaceOfAVolumeIsNotUnmountedWithIt() throws IOException {
    host.prepare("c1", "a");
    MountCalls.unmount(host.driver.path("a"));
    MountCalls.mount("tmpfs", host.driver.path("a"), "tmpfs", 0, null);
    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @Test
  void aVolumeThatSomethingIsMountedOverStaysOnRecordUntilItIsGone() throws IOException {
    host.prepare("c1", "a");
    MountCalls.mount("tmpfs", host.driver.path("a"), "tmpfs", 0, null);
    host.cleanup("c1");
    assertEquals(List.of("a", "a"), host.mounts());
    assertEquals(1, host.recordCount());
    assertTrue(host.log.stream().anyMatch(l -> l.startsWith("ERROR") && l.contains("over it")));
    MountCalls.unmount(host.driver.path("a"));
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void containerPathsInsideOfEachOtherAreRefused() {
    for (List<String> paths : List.of(List.of("a", "a/b"), List.of("a/b/c", "a"))) {
      String failure =
          host.prepareFails(
              host.container(
                  "c1",
                  List.of(
                      Map.entry("DVDI_VOLUME_NAME", "a"),
                      Map.entry("DVDI_VOLUME_CONTAINERPATH", paths.get(0)),
                      Map.entry("DVDI_VOLUME_NAME1", "b"),
                      Map.entry("DVDI_VOLUME_CONTAINERPATH1", paths.get(1)))));
      assertTrue(failure.contains("lies inside of"), failure);
    }
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void aContainerPathThatWouldCoverTheSandboxIsRefused() {
    String failure =
        host.prepareFails(
            host.container(
                "c1",
                List.of(
                    Map.entry("DVDI_VOLUME_NAME", "a"),
                    Map.entry("DVDI_VOLUME_CONTAINERPATH", host.folder.toString()))));
    assertTrue(failure.contains("cover the task's own sandbox"), failure);
  }

  @Test
  void aVolumeThatVanishedUnderItsUsersIsNotGivenToAnother() throws IOException {
    host.prepare("c1", "a");
    MountCalls.unmount(host.driver.path("a"));
    String failure = host.prepareFails(host.container("c2", "a"));
    assertTrue(failure.contains("not usable") && failure.contains("c1"), failure);
    host.cleanup("c1");
    host.prepare("c2", "a");
    assertEquals(List.of("a"), host.mounts());
  }

  @Test
  void aRecordThatCannotBeWrittenFailsTheContainerBeforeAnythingIsMounted() throws IOException {
    Path aside = host.folder.resolve("aside");
    Files.move(host.records, aside);
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("record cannot be written"), failure);
    assertEquals(List.of(), host.driver.calls);
    Files.move(aside, host.records);
    host.prepare("c2", "a");
  }

  @Test
  void aRecordThatCannotBeWrittenAfterTheMountUndoesIt() throws IOException {
    Path aside = host.folder.resolve("aside");
    host.driver.beforeMount(
        "a",
        () -> {
          try {
            Files.move(host.records, aside);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("record cannot be written"), failure);
    // Without a record of it, nothing is unmounted either: the next agent would not know.
    assertEquals(List.of("a"), host.mounts());
    Files.move(aside, host.records);
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        OutOfMemoryError.class,
        StackOverflowError.class,
        NoClassDefFoundError.class
      })
  void aDriverThatThrowsAnythingFailsTheTaskAndTheVolumeCanBeUsedAfterwards(
      Class<? extends Throwable> kind) {
    host.driver.insteadOfMount(
        "a",
        () -> {
          try {
            throw ScriptedThrow.sneak(
                kind.getConstructor(String.class).newInstance("thrown by the driver"));
          } catch (ReflectiveOperationException e) {
            throw new LinkageError("no such constructor", e);
          }
        });
    String failure = failure(host.isolator.prepare(host.container("c1", "a")));
    assertTrue(failure.contains("thrown by the driver"), failure);
    nothingIsLeft();
    host.driver.insteadOfMount("a", null);
    host.prepare("c2", "a");
    assertEquals(List.of("a"), host.mounts());
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
    CountDownLatch answers = new CountDownLatch(1);
    host.driver.beforeMount("a", waitFor(answers));
    CompletableFuture<Launch> prepared = host.isolator.prepare(host.container("c1", "a"));
    eventually("it is asked", () -> host.driver.count("mount a") == 1);
    CompletableFuture<?> cleaned = host.isolator.cleanup(new ContainerId("c1"));
    assertFalse(cleaned.isDone());
    assertTrue(failure(prepared).contains("was ended while it was prepared"));
    answers.countDown();
    Object unused = success(cleaned);
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @Test
  void anUnmountThatHangsDoesNotHoldCleanupBeyondItsDeadline() {
    host.unmountTimeout = Duration.ofMillis(200);
    host.renew();
    CountDownLatch answers = new CountDownLatch(1);
    host.prepare("c1", "a");
    host.driver.beforeUnmount("a", waitFor(answers));
    host.cleanup("c1");
    assertEquals(1, host.recordCount());
    answers.countDown();
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void badRequestsTouchNothing() {
    List<Map.Entry<String, String>> bad =
        List.of(
            Map.entry("DVDI_VOLUME_NAME", "a"), Map.entry("DVDI_VOLUME_CONTAINERPATH", "../up"));
    String failure = host.prepareFails(host.container("c1", bad));
    assertTrue(failure.contains("DVDI_VOLUME_CONTAINERPATH"), failure);
    failure =
        host.prepareFails(
            host.container(
                "c2",
                List.of(
                    Map.entry("DVDI_VOLUME_NAME", "a"),
                    Map.entry("DVDI_VOLUME_DRIVER", "unheard-of"))));
    assertTrue(failure.contains("unheard-of"), failure);
    for (String path : List.of("/etc", "/usr/lib/x", "/proc")) {
      failure =
          host.prepareFails(
              host.container(
                  "c3",
                  List.of(
                      Map.entry("DVDI_VOLUME_NAME", "a"),
                      Map.entry("DVDI_VOLUME_CONTAINERPATH", path))));
      assertTrue(failure.contains("system folder") && failure.contains(path), failure);
    }
    assertEquals(List.of(), host.driver.calls);
    assertEquals(0, host.recordCount());
  }

  @Test
  void prepareBeforeRecoverIsRefused() throws IOException {
    Isolator fresh = host.newIsolator("this-boot");
    assertTrue(failure(fresh.prepare(host.container("c1", "a"))).contains("recover"));
  }
}
