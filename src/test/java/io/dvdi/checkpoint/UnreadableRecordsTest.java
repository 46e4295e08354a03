// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that cannot be read cost only their own volumes. */
class UnreadableRecordsTest extends RecordFolderFixture {
  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "{\"version\":0}", "{\"version\":99}", "\0\0\0"})
  void aFileThatIsNoRecordCostsOnlyItsVolumeAndStays(String content) throws Exception {
    VolumeRecord good = ExampleRecord.of("local", "good");
    open().write(good);
    Files.writeString(file(PG), content);
    RecordFolder records = open();
    assertEquals(List.of(good), readAll(records));
    assertTrue(log.get(0).contains(file(PG) + " cannot be read"), log.get(0));
    assertTrue(records.unreadable(PG).isPresent());
    assertTrue(records.unreadable(good.id()).isEmpty());
    assertEquals(content, Files.readString(file(PG)));
  }

  @Test
  void aRecordThatTheDiskDoesNotGiveCostsOnlyItsVolume() throws Exception {
    open().write(ExampleRecord.of("local", "pg"));
    // What a defect of the disk gives: an error at read(2).
    mounts.mount("--bind", "/proc/self/mem", file(PG).toString());
    RecordFolder records = open();
    assertEquals(List.of(), readAll(records));
    assertTrue(records.unreadable(PG).isPresent());
  }

  @Test
  void aFolderThatCannotBeReadTakesNoRecords() throws Exception {
    Path folder = mounts.folder().resolve("later");
    RecordFolder records = new RecordFolder(folder, BOOT, DOUBT_ENDS);
    assertEquals(List.of(), readAll(records));
    assertTrue(log.get(0).contains("the records cannot be read"), log.get(0));
    Files.createDirectories(folder.resolve(BOOT));
    IOException refused =
        assertThrows(IOException.class, () -> records.write(ExampleRecord.of("local", "pg")));
    assertTrue(String.valueOf(refused.getMessage()).contains("could not be read"));
  }

  @Test
  void aRecordUnderTheNameOfAnotherVolumeIsNotBelieved() throws Exception {
    open().write(ExampleRecord.of("local", "one"));
    Files.move(file(new VolumeId("local", "one")), file(PG));
    RecordFolder records = open();
    assertEquals(List.of(), readAll(records));
    assertTrue(log.get(0).contains("volume 'one' (driver local)"), log.get(0));
    assertTrue(records.unreadable(PG).isPresent());
  }
}
