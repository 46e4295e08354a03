// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import io.dvdi.testing.RealMounts;
import io.dvdi.volume.RequestRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What mesos-module-dvdi does with volumes, one test a rule: kept, mended, or what has become of it
 * and which parameter brings it back. docs/from-mesos-module-dvdi.md says the same in words.
 */
class PredecessorTest {
  @TempDir Path folder;
  IsolatorFixture host;
  private final List<Path> tmp = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
    for (Path path : tmp.reversed()) {
      Files.deleteIfExists(path);
    }
  }

  private Container task(String id, String... namesAndValues) {
    List<Map.Entry<String, String>> environment = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.add(Map.entry(namesAndValues[i], namesAndValues[i + 1]));
    }
    return host.container(id, environment);
  }

  private Launch launch(String id, String... namesAndValues) {
    return IsolatorFixture.success(host.isolator.prepare(task(id, namesAndValues)));
  }

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
            task("c1", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_CONTAINERPATH", folder + "/missing"));
    assertEquals(
        "DVDI_VOLUME_NAME: the container path %s/missing cannot be used: the folder %1$s/missing does not exist"
            .formatted(folder),
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
            new Launch.Bind(host.driver.path("a"), host.sandbox.resolve("zero"), false),
            new Launch.Bind(host.driver.path("b"), host.sandbox.resolve("two"), false)),
        launch.binds());
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
    assertEquals(List.of(), launch.binds());
    assertEquals(
        Map.of("DVDI_VOLUME_MOUNTPOINT", host.driver.path("a").toString()), launch.environment());
  }

  @Test
  void aContainerpathOnAVolumeThatIsInUseIsPossibleNow() {
    host.prepare("c1", "a");
    Launch launch = launch("c2", "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_CONTAINERPATH", "data");
    assertEquals(
        List.of(new Launch.Bind(host.driver.path("a"), host.sandbox.resolve("data"), false)),
        launch.binds());
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

  // Container paths below /tmp.

  private Path newTmp() throws Exception {
    Path path = Files.createTempDirectory(Path.of("/tmp"), "dvdi-test-");
    RealMounts.run("chmod", "755", path.toString());
    tmp.add(path);
    return path;
  }

  private Container atTmp(String id, Path path) {
    return task(id, "DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_CONTAINERPATH", path.toString());
  }

  private void makeTmpPaths() {
    host.compatibility = new Compatibility(RequestRules.SLOTS, false, false, true);
    host.restart();
  }

  @Test
  void anAbsoluteContainerpathHasToExist() throws Exception {
    Path missing = newTmp().resolve("missing");
    String failure = host.prepareFails(atTmp("c1", missing));
    assertTrue(failure.endsWith("the folder " + missing + " does not exist"), failure);
    assertFalse(Files.exists(missing));
  }

  @Test
  void belowTmpItIsMadeWhereTmpContainerPathsSaysSoAndStays() throws Exception {
    makeTmpPaths();
    Path made = newTmp().resolve("one/two");
    tmp.addAll(List.of(made.getParent(), made));
    Launch launch = IsolatorFixture.success(host.isolator.prepare(atTmp("c1", made)));
    assertEquals(List.of(new Launch.Bind(host.driver.path("a"), made, false)), launch.binds());
    assertEquals("root 755\n", RealMounts.run("stat", "-c", "%U %a", made.toString()));
    host.cleanup("c1");
    assertTrue(Files.isDirectory(made));
  }

  @Test
  void elsewhereItIsNotMade() {
    makeTmpPaths();
    Path missing = Path.of("/var/tmp/dvdi-test-missing");
    assertTrue(host.prepareFails(atTmp("c1", missing)).contains("does not exist"));
    assertFalse(Files.exists(missing));
  }

  @Test
  void tmpIsNotLeftByDotsOrLinks() throws Exception {
    makeTmpPaths();
    Path inside = newTmp();
    Path link = Files.createSymbolicLink(inside.resolve("link"), folder);
    tmp.add(link);
    assertTrue(
        host.prepareFails(atTmp("c1", Path.of("/tmp/../etc/x"))).contains("has a '..' in it"));
    assertTrue(host.prepareFails(atTmp("c2", link.resolve("x"))).contains("symbolic link"));
    assertFalse(Files.exists(folder.resolve("x")));
  }

  @Test
  void insideOfAFolderOfSomebodyElseNothingIsMade() throws Exception {
    makeTmpPaths();
    Path theirs = newTmp();
    RealMounts.run("chown", "nobody", theirs.toString());
    String failure = host.prepareFails(atTmp("c1", theirs.resolve("x")));
    assertTrue(failure.contains("is not made, since " + theirs), failure);
    try (Stream<Path> files = Files.list(theirs)) {
      assertEquals(0, files.count());
    }
  }

  // Recovery.

  @Test
  void aContainerThatTheAgentFindsKeepsItsVolume() {
    host.prepare("c1", "a");
    host.restart("c1");
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("c1");
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void aKnownOrphanKeepsItsVolumeUntilItsCleanup() { // mesos-module-dvdi#95
    host.prepare("orphan", "a");
    // A host names its orphans among those that are alive, and cleans them up after that.
    host.restart("orphan");
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("orphan");
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void whatIsHeldByNobodyAnyMoreIsUnmounted() {
    host.prepare("c1", "a");
    host.restart();
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void twoUsersOfAVolumeAreKnownAfterTheSecondRestartToo() {
    host.prepare("c1", "a");
    host.prepare("c2", "a");
    host.restart("c1", "c2");
    host.restart("c1", "c2");
    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
  }

  @Test
  void aBrokenRecordDoesNotMakeItForgetTheOthers() throws IOException {
    host.prepare("c1", "a");
    Files.writeString(host.records.resolve("tmp-broken.json"), "{");
    host.restart();
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void theRecordsDoNotOutliveABoot() { // mesos-module-dvdi#94 put them where a boot removes them
    host.prepare("c1", "a");
    host.restartAfterBoot("next-boot", "c1");
    assertEquals(0, host.recordCount());
    assertEquals(0, host.driver.count("unmount a"));
  }
}
