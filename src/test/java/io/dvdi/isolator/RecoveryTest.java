// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.driver.DriverException;
import io.dvdi.linux.LinuxMounts;
import io.dvdi.linux.MountCalls;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  /** A record as the agent wrote it before it was killed. */
  private void left(State state, boolean mounted, String... users) throws IOException {
    Path path = host.driver.path("a");
    VolumeRecord record =
        VolumeRecord.mounting(
            A,
            "scripted",
            Options.NONE,
            "id-of-a",
            Optional.of(path),
            IsolatorFixture.BOOT,
            new ContainerId("none"));
    record = record.without(new ContainerId("none"));
    for (String user : users) {
      record = record.with(new ContainerId(user));
    }
    host.driver.mountIds.put("a", "id-of-a");
    if (mounted) {
      Files.createDirectories(path);
      MountCalls.mount("tmpfs", path, "tmpfs", 0, null);
    }
    if (state != State.MOUNTING) {
      Optional<io.dvdi.mount.MountIdentity> identity =
          mounted
              ? Optional.of(new LinuxMounts().containing(path))
              : Optional.of(new io.dvdi.mount.MountIdentity(Long.MAX_VALUE, "0:0"));
      record = record.mounted(path, identity, false).in(state);
    }
    new RecordFolder(host.records).write(record);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GIVEN_UP")
  void aMountWhoseContainerIsGoneIsUnmounted(State state) throws IOException {
    left(state, true, "c1");
    host.restart();
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void aRecordOfWhatWasNeverMountedOrIsUnmountedAlreadyIsRemoved(State state) throws IOException {
    left(state, false, "c1");
    host.restart();
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GIVEN_UP")
  void aMountThatNobodyHeldAnyMoreIsUnmounted(State state) throws IOException {
    left(state, true);
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
    left(State.MOUNTED, true, "c1");
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
  @ValueSource(strings = {"", "{", "{\"version\":0}", "[]", "\u0000\u0000"})
  void aRecordThatIsNotReadableIsSetAsideAndTheOthersAreRecovered(String content)
      throws IOException {
    left(State.MOUNTED, true, "c1");
    Files.writeString(host.records.resolve("tmp-b-0000.json"), content);
    host.restart();
    assertEquals(List.of(), host.mounts());
    assertTrue(Files.exists(host.records.resolve("tmp-b-0000.json.corrupt")));
    assertTrue(
        host.log.stream()
            .anyMatch(l -> l.startsWith("ERROR") && l.contains("tmp-b-0000.json.corrupt")));
    host.prepare("c2", "a");
  }

  @Test
  void recordsThatCannotBeReadAtAllDoNotStopTheAgent() throws IOException {
    Files.delete(host.records);
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
    assertTrue(
        host.log.stream()
            .anyMatch(l -> l.startsWith("ERROR") && l.contains("GONE") && l.contains("c1")));
    host.cleanup("c1");
    assertEquals(0, host.recordCount());
  }
}
