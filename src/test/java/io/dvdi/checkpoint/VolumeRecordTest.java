// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.mount.MountIdentity;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VolumeRecordTest {
  private static final ContainerId ONE = new ContainerId("one");
  private static final ContainerId TWO = new ContainerId("two");
  private static final Path PATH = Path.of("/mnt/pg");

  private final VolumeRecord mounting =
      VolumeRecord.mounting(
          new VolumeId("local", "pg"),
          "plugin",
          Options.of(Map.of("password", "hunter2")),
          "m",
          Optional.empty(),
          "boot",
          ONE);

  @Test
  void itBeginsAsMountingWithItsFirstUser() {
    assertEquals(State.MOUNTING, mounting.state());
    assertEquals(Set.of(ONE), mounting.users());
    assertEquals(Optional.empty(), mounting.identity());
  }

  @Test
  void aMountpointThatIsNamedIsNotYetMounted() {
    VolumeRecord named = mounting.at(PATH);

    assertEquals(State.MOUNTING, named.state());
    assertEquals(Optional.of(PATH), named.mountpoint());
  }

  @Test
  void whatWasSeenIsKeptWhileUsersComeAndGo() {
    Optional<MountIdentity> identity = Optional.of(new MountIdentity(1, "7:0"));
    VolumeRecord mounted = mounting.mounted(PATH, identity, true);

    VolumeRecord later = mounted.with(TWO).without(ONE).in(State.UNMOUNTING);

    assertEquals(Set.of(TWO), later.users());
    assertEquals(State.UNMOUNTING, later.state());
    assertEquals(Optional.of(PATH), later.mountpoint());
    assertEquals(identity, later.identity());
    assertTrue(later.readOnly());
    assertEquals("boot", later.bootId());
    assertEquals("m", later.mountId());
  }

  @Test
  void oneUserIsCountedOnce() {
    assertEquals(mounting, mounting.with(ONE));
    assertEquals(mounting, mounting.without(TWO));
    assertEquals(Set.of(), mounting.without(ONE).without(ONE).users());
  }

  @Test
  void nobodyCanChangeItsUsers() {
    Set<ContainerId> users = new LinkedHashSet<>(List.of(ONE));
    VolumeRecord record =
        new VolumeRecord(
            mounting.id(),
            "plugin",
            Options.NONE,
            "m",
            State.MOUNTED,
            Optional.empty(),
            Optional.empty(),
            false,
            "boot",
            users);

    users.add(TWO);

    assertEquals(Set.of(ONE), record.users());
    assertThrows(UnsupportedOperationException.class, () -> record.users().add(TWO));
  }

  @Test
  void printedItMasksItsOptions() {
    assertFalse(mounting.toString().contains("hunter2"), mounting.toString());
  }
}
