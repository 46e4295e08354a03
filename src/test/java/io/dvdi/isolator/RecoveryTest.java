// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Terms;
import io.dvdi.lifecycle.Trouble;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.Whereabouts;
import io.dvdi.linux.MountCalls;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent is killed between any two lines that touch the world, and a new one starts. */
class RecoveryTest {
  private static final VolumeId A = new VolumeId("tmp", "a");

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

  /** A record as the agent wrote it before it was killed. The doubt of its calls is over. */
  private void left(MountCall mount, UnmountCall unmount, boolean mounted, String... users)
      throws IOException {
    String path = host.driver.path("a").toString();
    Moment before = look(Optional.empty()).moment();
    if (mounted) {
      Files.createDirectories(Path.of(path));
      MountCalls.mount("tmpfs", Path.of(path), "tmpfs", 0, null);
    }
    Optional<Evidence> seen =
        mount == MountCall.PROVED
            ? Optional.of(
                mounted
                    ? ((Seen.Mounted) look(Optional.of(path)).place()).mount()
                    : new Evidence(before.namespace(), Long.MAX_VALUE, 0, "0:0", "/", path))
            : Optional.empty();
    host.driver.mountIds.put("a", List.of("id-of-a"));
    host.recordFolder.write(
        new VolumeRecord(
            A,
            new Terms("scripted", Options.NONE, false, false, false),
            Stream.of(users).map(ContainerId::new).toList(),
            List.of(new MountId("id-of-a", A, mount, unmount, 0)),
            new Whereabouts(Optional.of(path), true, seen, before, before),
            Trouble.NONE));
  }

  private static Seen look(Optional<String> path) {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      return IsolatorFixture.mounts(threads)
          .look("", path, Optional.empty(), Optional.empty(), false);
    }
  }

  @Test
  void aRecordOfAKindOfDriverThatThereIsNotCostsOnlyItsOwnVolume() throws IOException {
    host.prepare("c1", "other");
    left(MountCall.PROVED, UnmountCall.NONE, true, "c1");
    Path file = host.records.resolve(IsolatorFixture.BOOT).resolve(recordOfA());
    Files.writeString(file, Files.readString(file).replace("scripted", "csi"));
    host.restart("c1");
    String failure = host.prepareFails(host.container("c2", "a"));
    assertTrue(failure.contains("there is no kind of driver csi"), failure);
    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
    assertEquals(1, host.recordCount());
  }

  private String recordOfA() throws IOException {
    try (Stream<Path> files = Files.list(host.records.resolve(IsolatorFixture.BOOT))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith("tmp-a-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Stream<Arguments> calls() {
    return Stream.of(
        Arguments.of(MountCall.SENT, UnmountCall.NONE),
        Arguments.of(MountCall.DONE, UnmountCall.NONE),
        Arguments.of(MountCall.PROVED, UnmountCall.NONE),
        Arguments.of(MountCall.PROVED, UnmountCall.SENT),
        Arguments.of(MountCall.PROVED, UnmountCall.REFUSED),
        Arguments.of(MountCall.EXPIRED, UnmountCall.DUE));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aMountWhoseContainerIsGoneIsUnmounted(MountCall mount, UnmountCall unmount)
      throws IOException {
    left(mount, unmount, true, "c1");
    host.restart();
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aRecordOfWhatWasNeverMountedOrIsUnmountedAlreadyIsRemoved(
      MountCall mount, UnmountCall unmount) throws IOException {
    left(mount, unmount, false, "c1");
    host.restart();
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @Test
  void aRunningContainerKeepsItsVolumeAndItsEndUnmounts() {
    host.prepare("c1", "a");
    host.prepare("c2", "a");
    host.restart("c1");
    assertEquals(List.of("a"), host.mounts());
    host.prepare("c3", "a");
    assertEquals(1, host.driver.count("mount a"));
    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("c3");
    assertEquals(List.of(), host.mounts());
    assertEquals(1, host.driver.count("unmount a"));
    assertEquals(0, host.recordCount());
  }

  @Test
  void bothUsersOfAVolumeAreKnownAlsoAfterASecondRestart() {
    host.prepare("c1", "a");
    host.prepare("c2", "a");
    host.restart("c1", "c2");
    host.restart("c1", "c2");
    host.cleanup("c2");
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("c1");
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void afterABootNothingIsMountedAndNothingIsUnmounted() throws IOException {
    host.prepare("c1", "a");
    MountCalls.unmount(host.driver.path("a"));
    // After the boot somebody else mounts there, and the kernel may even use the same number again.
    MountCalls.mount("tmpfs", host.driver.path("a"), "tmpfs", 0, null);
    long unmounts = host.driver.count("unmount a");
    host.restartAfterBoot("next-boot");
    assertEquals(0, host.recordCount());
    assertEquals(unmounts, host.driver.count("unmount a"));
    assertEquals(List.of("a"), host.mounts());
  }

  @Test
  void anUnmountThatFailsInRecoveryIsTriedAgainAndRecoverySucceeds() throws IOException {
    left(MountCall.PROVED, UnmountCall.NONE, true, "c1");
    host.driver.insteadOfUnmount(
        "a",
        () -> {
          throw DriverException.failed("busy");
        });
    host.restart();
    assertEquals(List.of("a"), host.mounts());
    host.driver.insteadOfUnmount("a", null);
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"version\":0}", "[]", "\u0000\u0000", "{\"version\":99}"})
  void aRecordThatIsNotReadableCostsOnlyItsOwnVolume(String content) throws IOException {
    host.prepare("c1", "a");
    host.prepare("c1b", "b");
    Path file = files().stream().filter(path -> path.toString().contains("-a-")).findFirst().get();
    Files.writeString(file, content);
    host.restart("c1", "c1b");
    assertTrue(
        host.log.stream()
            .anyMatch(line -> line.startsWith("ERROR") && line.contains(file.toString())));
    // It may be mounted under a task.
    assertTrue(host.prepareFails(host.container("c2", "a")).contains("cannot be read"));
    host.prepare("c3", "b");
    host.cleanup("c3");
    host.cleanup("c1b");
    assertEquals(List.of("a"), host.mounts());
    assertEquals(content, Files.readString(file));
  }

  @Test
  void aRecordThatIsNestedDeeplyOrLargeCostsOnlyItsOwnVolume() throws IOException {
    host.prepare("c1", "a");
    Path boot = host.records.resolve(IsolatorFixture.BOOT);
    Files.writeString(boot.resolve("deep.json"), "[".repeat(100_000));
    Files.writeString(boot.resolve("large.json"), " ".repeat(2 * 1024 * 1024));
    host.restart("c1");
    host.cleanup("c1");
    assertEquals(List.of(), host.mounts());
  }

  @Test
  void aTornRecordOfAnEarlierBootBlocksNothing() throws IOException {
    host.prepare("c1", "a");
    Files.writeString(files().getFirst(), "{");
    MountCalls.unmount(host.driver.path("a"));
    host.restartAfterBoot("next-boot");
    assertEquals(0, host.recordCount());
    host.prepare("c2", "a");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(host.records)) {
      return all.filter(path -> path.toString().endsWith(".json")).toList();
    }
  }

  @Test
  void recordsThatCannotBeReadAtAllDoNotStopTheAgent() throws IOException {
    Files.move(host.records, host.folder.resolve("aside"));
    host.restart();
    assertTrue(
        host.log.stream()
            .anyMatch(l -> l.startsWith("ERROR") && l.contains("records cannot be read")));
  }

  @Test
  void aVolumeThatVanishedUnderARunningContainerIsTold() throws IOException {
    host.prepare("c1", "a");
    MountCalls.unmount(host.driver.path("a"));
    host.restart("c1");
    eventually(
        "it is told",
        () ->
            host.log.stream()
                .anyMatch(l -> l.contains("is not mounted any more") && l.contains("c1")));
    host.cleanup("c1");
    assertEquals(0, host.recordCount());
  }

  @Test
  void aContainerThatEndsWhileTheNextAgentRecoversIsNotForgotten() {
    host.prepare("c1", "a");
    host.restartSlowly(
        "c1",
        () -> {
          Object unused = host.isolator.cleanup(new ContainerId("c1"));
        });
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }
}
