// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
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
    assertTrue(Files.exists(earlier.resolve(RecordFolder.name(kept.id()))));
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
        mounts.folder().resolve(RecordFolder.name(PG)),
        """
        { "version" : 1, "driver" : "local", "name" : "pg", "service" : "plugin",
          "options" : { "size" : "5" }, "mount_id" : "m1", "state" : "%s",
          "mountpoint" : "/mnt/pg", "mounted" : { "kernel_mount_id" : 42, "device" : "7:0" },
          "read_only" : false, "boot_id" : "%s", "containers" : [ "c1", "dead" ] }
        """
            .formatted(state, bootId));
  }
}
