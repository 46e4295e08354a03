// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records are written, read, replaced and removed. */
class RecordFolderTest extends RecordFolderFixture {
  @Test
  void whatIsWrittenIsRead() throws Exception {
    VolumeRecord one = ExampleRecord.of("local", "one");
    VolumeRecord other = ExampleRecord.of("rexray", "one");
    RecordFolder records = open();
    records.write(one);
    records.write(other);
    assertEquals(Set.of(one, other), Set.copyOf(readAll()));
    assertEquals(List.of(), log);
  }

  @Test
  void aRecordReplacesTheOneBefore() throws Exception {
    RecordFolder records = open();
    VolumeRecord later =
        ExampleRecord.of("local", "pg", Options.NONE, List.of(new ContainerId("one")));
    records.write(ExampleRecord.of("local", "pg"));
    records.write(later);
    assertEquals(List.of(later), readAll());
    assertEquals(1, names().size());
  }

  @Test
  void aRemovedRecordIsGoneAndRemovingItAgainIsNoError() throws Exception {
    RecordFolder records = open();
    records.write(ExampleRecord.of("local", "pg"));
    records.write(ExampleRecord.of("local", "other"));
    records.remove(PG);
    records.remove(PG);
    assertEquals(List.of(ExampleRecord.of("local", "other")), readAll());
  }

  @Test
  void recordsAreRootsAlone() throws Exception {
    open().write(ExampleRecord.of("local", "pg"));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file(PG))));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(boot())));
  }

  @Test
  void filesOfOthersAreLeftAlone() throws Exception {
    open();
    Path notes = Files.writeString(mounts.folder().resolve("notes.txt"), "{");
    assertEquals(List.of(), readAll());
    assertTrue(Files.exists(notes));
    assertEquals(List.of(), log);
  }

  @Test
  void namesThatLookAlikeInAFileNameAreTwoRecords() throws Exception {
    RecordFolder records = open();
    List<VolumeRecord> alike =
        List.of(
            ExampleRecord.of("local", "a/b"),
            ExampleRecord.of("local", "a_b"),
            ExampleRecord.of("local", "a b"),
            ExampleRecord.of("local", "ä_b"),
            ExampleRecord.of("local", "A_b"),
            ExampleRecord.of("a-b", "c"),
            ExampleRecord.of("a", "b-c"),
            ExampleRecord.of("x", "n".repeat(40) + "1"),
            ExampleRecord.of("x", "n".repeat(40) + "2"));
    for (VolumeRecord record : alike) {
      records.write(record);
    }
    assertEquals(Set.copyOf(alike), Set.copyOf(readAll()));
    assertNotEquals(RecordName.of(alike.get(0).id()), RecordName.of(alike.get(1).id()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../etc/passwd", "..", ".", "/", "a\\b", "-rf", ".hidden"})
  void noNameLeadsOutOfTheFolder(String name) throws Exception {
    open().write(ExampleRecord.of("local", name));
    assertEquals(boot(), file(new VolumeId("local", name)).getParent());
    assertEquals(List.of(ExampleRecord.of("local", name)), readAll());
  }

  @Test
  void theLongestNamesFit() throws Exception {
    RecordFolder records = open();
    VolumeRecord ascii = ExampleRecord.of("d".repeat(255), "n".repeat(1000));
    VolumeRecord unicode = ExampleRecord.of("local", "💾".repeat(256));
    records.write(ascii);
    records.write(unicode);
    assertEquals(Set.of(ascii, unicode), Set.copyOf(readAll()));
    for (String file : names()) {
      assertTrue(file.getBytes(UTF_8).length < 200, file);
    }
  }
}
