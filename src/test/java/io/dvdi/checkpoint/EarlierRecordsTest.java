// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.linux.MountNamespace;
import io.dvdi.volume.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of an earlier boot, and of an earlier version of the module. */
class EarlierRecordsTest extends RecordFolderFixture {
  @Test
  void afterABootOnlyMountIdsAreLeftThatADriverMayStillHave() throws Exception {
    VolumeRecord kept = ExampleRecord.of("rexray", "kept");
    open().write(kept);
    Files.writeString(file(PG), "torn");
    Path earlier = boot();

    RecordFolder next = new RecordFolder(mounts.folder(), "next-boot", DOUBT_ENDS);
    List<VolumeState> states = next.readAll(Set.of(new ContainerId("one")), logger());
    assertEquals(1, states.size());
    VolumeRecord left = states.get(0).record().orElseThrow();
    assertEquals(kept.id(), left.id());
    assertEquals(MountCall.EARLIER_BOOT, left.mountIds().get(0).mount());
    assertEquals(List.of(), left.users());
    assertTrue(next.unreadable(PG).isEmpty());
    assertEquals(List.of(), log);

    // The file stays until its successor is there.
    assertTrue(Files.exists(earlier.resolve(RecordName.of(kept.id()))));
    next.write(left);
    assertFalse(Files.exists(earlier));
  }

  @ParameterizedTest
  @CsvSource({
    "MOUNTING,SENT,NONE",
    "MOUNTED,PROVED,NONE",
    "UNMOUNTING,DONE,SENT",
  })
  void aRecordOfVersionOneIsReadAndReplaced(String state, MountCall mount, String unmount)
      throws Exception {
    Path old = old(state, BOOT);
    RecordFolder records = open();
    VolumeRecord read =
        records.readAll(Set.of(new ContainerId("c1")), logger()).get(0).record().orElseThrow();
    assertEquals(PG, read.id());
    assertEquals("m1", read.mountIds().get(0).value());
    assertEquals(mount, read.mountIds().get(0).mount());
    assertEquals(unmount, read.mountIds().get(0).unmount().name());
    assertEquals("/mnt/pg", read.where().path().orElseThrow());
    assertEquals(List.of(new ContainerId("c1")), read.users());
    if (read.mountIds().get(0).isInDoubt()) {
      assertEquals(DOUBT_ENDS, read.mountIds().get(0).doubtEnds());
    }
    records.write(read);
    assertFalse(Files.exists(old));
    assertEquals(read, open(new ContainerId("c1")).get(0).record().orElseThrow());
  }

  /** After a boot all volumes are settled at once, each on a thread of its own. */
  @Test
  void aFolderThatAnotherVolumesLastRecordTookAlongIsNoError() throws Exception {
    VolumeRecord kept = ExampleRecord.of("rexray", "kept");
    open().write(kept);
    RecordFolder next = new RecordFolder(mounts.folder(), "next-boot", DOUBT_ENDS);
    assertEquals(1, next.readAll(Set.of(), logger()).size());
    Files.delete(file(kept.id()));
    Files.delete(boot());
    next.remove(kept.id());
    next.write(kept);
  }

  /** The agent was killed between the two. */
  @Test
  void whatWasWrittenAnewCountsAndNotWhatItReplaces() throws Exception {
    VolumeRecord written = ExampleRecord.of("local", "pg");
    open().write(written);
    Path old = old("UNMOUNTING", BOOT);
    Path before = Files.createDirectory(mounts.folder().resolve("earlier"));
    Files.copy(file(PG), before.resolve(RecordName.of(PG)));
    RecordFolder records = new RecordFolder(mounts.folder(), BOOT, DOUBT_ENDS);
    assertEquals(List.of(written), readAll(records));
    records.remove(PG);
    assertEquals(List.of(), readAll());
    assertFalse(Files.exists(old));
  }

  /** Version 0.1.0 knew the ID and the device; before Linux 6.8 there is more to tell mounts by. */
  @Test
  void theMountOfAVersionOneRecordIsRecognised() throws Exception {
    Path unused = old("MOUNTED", BOOT);
    Evidence mount = readAll().get(0).where().mount().orElseThrow();
    long here = MountNamespace.own();
    assertTrue(mount.isSameMount(new Evidence(here, 0, 42, "7:0", "/sub", "/mnt/pg")));
    assertFalse(mount.isSameMount(new Evidence(here, 0, 43, "7:0", "/", "/mnt/pg")));
    assertFalse(mount.isSameMount(new Evidence(here, 0, 42, "7:1", "/", "/mnt/pg")));
    assertFalse(mount.isSameMount(new Evidence(here + 1, 0, 42, "7:0", "/", "/mnt/pg")));
  }

  @Test
  void aRecordOfVersionOneOfAnEarlierBootHoldsNobody() throws Exception {
    Path old = old("MOUNTED", "earlier");
    RecordFolder records = open();
    VolumeRecord read =
        records.readAll(Set.of(new ContainerId("c1")), logger()).get(0).record().orElseThrow();
    assertEquals(List.of(), read.users());
    records.remove(PG);
    assertFalse(Files.exists(old));
  }

  private Path old(String state, String bootId) throws IOException {
    return Files.writeString(
        mounts.folder().resolve(RecordName.of(PG)),
        """
        { "version" : 1, "driver" : "local", "name" : "pg", "service" : "plugin",
          "options" : { "size" : "5" }, "mount_id" : "m1", "state" : "%s",
          "mountpoint" : "/mnt/pg", "mounted" : { "kernel_mount_id" : 42, "device" : "7:0" },
          "read_only" : false, "boot_id" : "%s", "containers" : [ "c1", "dead" ] }
        """
            .formatted(state, bootId));
  }
}
