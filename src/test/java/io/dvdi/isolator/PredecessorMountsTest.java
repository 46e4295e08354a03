// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * What mesos-module-dvdi does with volumes that tasks ask for, one test a rule: kept, mended, or
 * what has become of it and which parameter brings it back. docs/from-mesos-module-dvdi.md says the
 * same in words.
 */
class PredecessorMountsTest extends PredecessorFixture {
  // Order of events.

  @Test
  void allSlotsAreValidatedBeforeTheFirstMount() {
    String failure =
        host.prepareFails(
            task(
                "c1", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_NAME1", "b", "DVDI_VOLUME_OPTS1", "x"));
    assertTrue(failure.startsWith("DVDI_VOLUME_OPTS1"), failure);
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void containerPathsAreLookedAtBeforeTheFirstMount() {
    String failure =
        host.prepareFails(
            task("c1", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_CONTAINERPATH", "/dvdi-test-missing"));
    assertEquals(
        "DVDI_VOLUME_NAME: the container path /dvdi-test-missing cannot be used: the folder"
            + " /dvdi-test-missing does not exist",
        failure);
    assertEquals(List.of(), host.driver.calls);
  }

  @Test
  void theRecordIsWrittenBeforeTheMountAndNotAfterIt() { // mesos-module-dvdi#93
    List<Long> records = new ArrayList<>();
    host.driver.beforeMount("a", () -> records.add(host.recordCount()));
    host.prepare("c1", "a");
    assertEquals(List.of(1L), records);
  }

  @Test
  void volumesAreBoundInTheOrderOfTheirSlots() {
    Launch launch =
        launch(
            "c1",
            "DVDI_VOLUME_NAME2",
            "b",
            "DVDI_VOLUME_CONTAINERPATH2",
            "two",
            "DVDI_VOLUME_NAME",
            "a",
            "DVDI_VOLUME_CONTAINERPATH",
            "zero");
    assertEquals(
        List.of(
            host.driver.path("a") + " -> " + host.sandbox.resolve("zero") + " rw",
            host.driver.path("b") + " -> " + host.sandbox.resolve("two") + " rw"),
        IsolatorFixture.binds(launch));
  }

  // Users.

  @Test
  void theFirstUserMountsAndTheLastUnmounts() {
    host.prepare("c1", "a");
    host.prepare("c2", "a");
    host.cleanup("c1");
    host.cleanup("c2");
    assertEquals(List.of("mount a", "unmount a"), host.driver.calls);
  }

  @Test
  void allVolumesAreMountedOrNoneAndTheUndoGoesToTheEnd() {
    host.driver.insteadOfMount(
        "c",
        () -> {
          throw DriverException.failed("no such disk");
        });
    String failure = host.prepareFails(host.container("c1", "a", "b", "c"));
    assertEquals("volume 'c' (driver tmp) cannot be mounted: no such disk", failure);
    IsolatorFixture.eventually(
        "the others are undone", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void withoutAContainerpathTheVolumeIsSeenWhereItIsMountedOnTheHost() {
    Launch launch = launch("c1", "DVDI_VOLUME_NAME", "a");
    Path path = host.driver.path("a");
    assertEquals(List.of(path + " -> " + path + " rw"), IsolatorFixture.binds(launch));
    assertEquals(
        Map.of("DVDI_VOLUME_MOUNTPOINT", host.driver.path("a").toString()), launch.environment());
  }

  @Test
  void aContainerpathOnAVolumeThatIsInUseIsPossibleNow() {
    host.prepare("c1", "a");
    Launch launch = launch("c2", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_CONTAINERPATH", "data");
    assertEquals(
        List.of(host.driver.path("a") + " -> " + host.sandbox.resolve("data") + " rw"),
        IsolatorFixture.binds(launch));
  }

  @Test
  void aDuplicateIsMountedOnce() {
    launch("c1", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_NAME1", "a");
    assertEquals(List.of("mount a"), host.driver.calls);
  }

  @Test
  void otherOptionsOfASecondUserAreRefusedNowAndNotIgnored() {
    launch("c1", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_OPTS", "size=5");
    String failure =
        host.prepareFails(task("c2", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_OPTS", "size=6"));
    assertTrue(failure.contains("with other options"), failure);
    launch("c3", "DVDI_VOLUME_NAME", "a");
  }

  @Test
  void aMountThatHangsHoldsUpNoOtherVolume() { // mesos-module-dvdi#88
    CountDownLatch ends = new CountDownLatch(1);
    host.driver.beforeMount("slow", () -> awaits(ends));
    CompletableFuture<Launch> slow = host.isolator.prepare(host.container("c1", "slow"));
    host.prepare("c2", "a");
    assertFalse(slow.isDone());
    ends.countDown();
    IsolatorFixture.success(slow);
  }

  private static void awaits(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aContainerThatIsPreparedTwiceIsToldSoInTheSameWords() {
    host.prepare("c1", "a");
    assertEquals(
        "Container has already been prepared", host.prepareFails(host.container("c1", "a")));
  }

  @Test
  void cleanupOfAnUnknownContainerIsNoError() {
    host.cleanup("unknown");
  }

  @Test
  void anUnmountThatFailsIsTriedAgainAndNotTakenForDone() {
    host.driver.insteadOfUnmount(
        "a",
        () -> {
          throw DriverException.failed("busy");
        });
    host.prepare("c1", "a");
    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
    host.driver.insteadOfUnmount("a", null);
    IsolatorFixture.eventually("it is unmounted", () -> host.recordCount() == 0);
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void modeAndOwnerOfAVolumeAreNotThoseOfTheContainerPath() throws Exception {
    Path path = Files.createDirectory(folder.resolve("target"));
    RealMounts.run("chown", "daemon", path.toString());
    RealMounts.run("chmod", "700", path.toString());
    host.driver.tmpfs("a", "mode=2770,uid=65534");
    launch("c1", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_CONTAINERPATH", path.toString());
    assertEquals(
        "nobody 2770\n", RealMounts.run("stat", "-c", "%U %a", host.driver.path("a").toString()));
  }

  @Test
  void dvdcliIsTheOperatorsAndATaskMayOnlyRepeatIt() {
    launch("c1", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_DVDCLI", "/usr/bin/dvdcli");
    String failure =
        host.prepareFails(task("c2", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_DVDCLI", "/bin/sh"));
    assertTrue(failure.contains("(parameter dvdcli)"), failure);
  }
}
