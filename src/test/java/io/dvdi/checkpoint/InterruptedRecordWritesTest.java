// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Records are written whole or not at all: a crash, a full disk, a read-only folder. */
class InterruptedRecordWritesTest extends RecordFolderFixture {
  @Test
  void onAFullDiskRecordsCanBeWrittenAgainAndOthersCannot() throws Exception {
    Path root = mounts.tmpfs("small", "size=4m,mode=0700");
    RecordFolder records = new RecordFolder(root, BOOT, DOUBT_ENDS);
    assertEquals(List.of(), records.readAll(Set.of(), logger()));
    records.write(ExampleRecord.of("local", "pg"));
    assertThrows(IOException.class, () -> Files.write(root.resolve("log"), new byte[4 << 20]));

    assertThrows(IOException.class, () -> records.write(ExampleRecord.of("local", "other")));
    VolumeRecord later =
        ExampleRecord.of("local", "pg", Options.NONE, List.of(new ContainerId("one")));
    records.write(later);

    RecordFolder next = new RecordFolder(root, BOOT, DOUBT_ENDS);
    assertEquals(List.of(later), readAll(next));
    assertEquals(List.of(), log);
  }

  @Test
  void aFileOfACrashBeforeTheRenameIsRemoved() throws Exception {
    VolumeRecord record = ExampleRecord.of("local", "pg");
    open().write(record);
    Path half = Path.of(file(PG) + ".new");
    Files.writeString(half, "{\"version\"");
    assertEquals(List.of(record), readAll());
    assertFalse(Files.exists(half));
    assertEquals(List.of(), log);
  }

  @Test
  void aFileOfACrashBeforeTheRenameDoesNotHinderTheNextWrite() throws Exception {
    VolumeRecord record = ExampleRecord.of("local", "pg");
    RecordFolder records = open();
    Files.writeString(Path.of(file(PG) + ".new"), "x".repeat(100_000));
    records.write(record);
    assertEquals(List.of(record), readAll());
  }

  @Test
  void aFullDiskLeavesTheOldRecordWhole() throws Exception {
    Path small = mounts.tmpfs("small", "size=32k");
    RecordFolder records = new RecordFolder(small, BOOT, DOUBT_ENDS);
    assertEquals(List.of(), readAll(records));
    VolumeRecord old = ExampleRecord.of("local", "pg");
    records.write(old);
    VolumeRecord big =
        ExampleRecord.of("local", "pg", Options.of(Map.of("big", "x".repeat(60_000))), List.of());
    assertThrows(IOException.class, () -> records.write(big));
    assertEquals(List.of(old), readAll(records));
    VolumeRecord next = ExampleRecord.of("local", "pg", Options.NONE, old.users());
    records.write(next);
    assertEquals(List.of(next), readAll(records));
  }

  @Test
  void aReadOnlyFolderFailsTheWriteAndLeavesTheOldRecordWhole() throws Exception {
    Path folder = mounts.tmpfs("state", "size=1m");
    RecordFolder records = new RecordFolder(folder, BOOT, DOUBT_ENDS);
    assertEquals(List.of(), readAll(records));
    VolumeRecord old = ExampleRecord.of("local", "pg");
    records.write(old);
    mounts.mount("-o", "remount,ro", folder.toString());
    VolumeRecord next = ExampleRecord.of("local", "pg", Options.NONE, old.users());
    assertThrows(IOException.class, () -> records.write(next));
    assertThrows(IOException.class, () -> records.write(ExampleRecord.of("local", "new")));
    assertThrows(IOException.class, () -> records.remove(old.id()));
    assertEquals(List.of(old), readAll(records));
  }
}
