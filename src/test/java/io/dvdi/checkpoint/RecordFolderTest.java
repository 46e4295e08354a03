// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.testing.RealMounts;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFolderTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();

  /** What was set aside, and why. */
  private final List<String> reports = new ArrayList<>();

  @Test
  void whatIsWrittenIsRead() throws Exception {
    VolumeRecord one = record("local", "one");
    VolumeRecord other = record("rexray", "one");
    RecordFolder records = new RecordFolder(mounts.folder());

    records.write(one);
    records.write(other);

    assertEquals(Set.of(one, other), Set.copyOf(readAll()));
    assertEquals(List.of(), reports);
  }

  @Test
  void aRecordReplacesTheOneBefore() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    VolumeRecord later = record("local", "pg").in(State.UNMOUNTING).with(new ContainerId("two"));

    records.write(record("local", "pg"));
    records.write(later);

    assertEquals(List.of(later), readAll());
    assertEquals(1, names().size());
  }

  @Test
  void aRemovedRecordIsGoneAndRemovingItAgainIsNoError() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    VolumeRecord record = record("local", "pg");
    records.write(record);
    records.write(record("local", "other"));

    records.remove(record.id());
    records.remove(record.id());

    assertEquals(List.of(record("local", "other")), readAll());
  }

  @Test
  void recordsAreRootsAlone() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());

    records.write(record("local", "pg"));
    records.write(record("local", "pg").in(State.MOUNTED));

    Path file = records.file(new VolumeId("local", "pg"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "{\"version\":0}", "{\"volumes\":[]}", "\0\0\0"})
  void aFileThatIsNoRecordIsSetAsideAndTheOthersAreRead(String content) throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    VolumeRecord good = record("local", "good");
    records.write(good);
    Path bad = records.file(new VolumeId("local", "bad"));
    Files.writeString(bad, content);

    assertEquals(List.of(good), readAll());

    Path aside = bad.resolveSibling(bad.getFileName() + ".corrupt");
    assertEquals(1, reports.size());
    assertTrue(reports.get(0).startsWith(aside + ": "), reports.get(0));
    assertTrue(reports.get(0).length() > aside.toString().length() + 5, "why: " + reports.get(0));
    assertEquals(content, Files.readString(aside), "it is kept for a person to look at");
    assertFalse(Files.exists(bad));
  }

  @Test
  void aRecordOfANewerVersionStaysAndItsVolumeIsLeftAlone() throws Exception {
    VolumeRecord record = record("local", "pg");
    RecordFolder records = new RecordFolder(mounts.folder());
    Path file = records.file(record.id());
    Files.writeString(file, "{\"version\":2}");

    assertEquals(List.of(), records.readAll((path, reason) -> reports.add(path + ": " + reason)));
    assertTrue(reports.get(0).contains("newer version"), reports.get(0));
    IOException refused = assertThrows(IOException.class, () -> records.write(record));
    assertTrue(String.valueOf(refused.getMessage()).contains("newer version"));
    assertEquals("{\"version\":2}", Files.readString(file));
  }

  @Test
  void aRecordThatTheDiskDoesNotGiveStaysAndItsVolumeIsLeftAlone() throws Exception {
    VolumeRecord record = record("local", "pg");
    RecordFolder records = new RecordFolder(mounts.folder());
    records.write(record);
    Path file = records.file(record.id());
    // What a defect of the disk gives: an error at read(2).
    mounts.mount("--bind", "/proc/self/mem", file.toString());

    assertEquals(List.of(), records.readAll(this::report));
    assertEquals(1, reports.size());
    IOException refused = assertThrows(IOException.class, () -> records.write(record));
    assertTrue(String.valueOf(refused.getMessage()).contains("could not be read"));
  }

  @Test
  void aFolderThatCannotBeReadTakesNoRecords() throws Exception {
    Path folder = mounts.folder().resolve("later");
    RecordFolder records = new RecordFolder(folder);
    assertThrows(IOException.class, () -> records.readAll(this::report));
    Files.createDirectory(folder);

    IOException refused =
        assertThrows(IOException.class, () -> records.write(record("local", "pg")));
    assertTrue(String.valueOf(refused.getMessage()).contains("could not be read"));
  }

  @Test
  void aTruncatedRecordIsSetAside() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    records.write(record("local", "pg"));
    Path file = records.file(new VolumeId("local", "pg"));
    Files.writeString(file, Files.readString(file).substring(0, 80));

    assertEquals(List.of(), readAll());
    assertEquals(1, reports.size());
  }

  @Test
  void whatWasSetAsideIsNotMetAgainAndDoesNotHinderANewRecord() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    VolumeRecord record = record("local", "pg");
    Files.writeString(records.file(record.id()), "{");
    assertEquals(List.of(), readAll());
    reports.clear();

    records.write(record);

    assertEquals(List.of(record), readAll());
    assertEquals(List.of(), reports);
  }

  @Test
  void aRecordUnderTheNameOfAnotherVolumeIsSetAside() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    records.write(record("local", "one"));
    Files.move(
        records.file(new VolumeId("local", "one")), records.file(new VolumeId("local", "two")));

    assertEquals(List.of(), readAll());
    assertTrue(reports.get(0).contains("volume 'one' (driver local)"), reports.get(0));
  }

  @Test
  void aFolderUnderTheNameOfARecordIsSetAside() throws Exception {
    Path folder =
        Files.createDirectory(
            new RecordFolder(mounts.folder()).file(new VolumeId("local", "folder")));

    assertEquals(List.of(), readAll());
    assertEquals(1, reports.size());
    assertFalse(Files.exists(folder));
  }

  @Test
  void aFileOfACrashBeforeTheRenameIsRemoved() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    VolumeRecord record = record("local", "pg");
    records.write(record);
    Path half = Path.of(records.file(record.id()) + ".new");
    Files.writeString(half, "{\"version\"");

    assertEquals(List.of(record), readAll());
    assertFalse(Files.exists(half));
    assertEquals(List.of(), reports);
  }

  @Test
  void aFileOfACrashBeforeTheRenameDoesNotHinderTheNextWrite() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    VolumeRecord record = record("local", "pg");
    Files.writeString(Path.of(records.file(record.id()) + ".new"), "x".repeat(100_000));

    records.write(record);

    assertEquals(List.of(record), readAll());
  }

  @Test
  void filesOfOthersAreLeftAlone() throws Exception {
    Path notes = Files.writeString(mounts.folder().resolve("notes.txt"), "{");

    assertEquals(List.of(), readAll());
    assertTrue(Files.exists(notes));
    assertEquals(List.of(), reports);
  }

  @Test
  void namesThatLookAlikeInAFileNameAreTwoRecords() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    List<VolumeRecord> alike =
        List.of(
            record("local", "a/b"),
            record("local", "a_b"),
            record("local", "a b"),
            record("local", "ä_b"),
            record("local", "A_b"),
            record("a-b", "c"),
            record("a", "b-c"),
            record("x", "n".repeat(40) + "1"),
            record("x", "n".repeat(40) + "2"));
    for (VolumeRecord record : alike) {
      records.write(record);
    }

    assertEquals(Set.copyOf(alike), Set.copyOf(readAll()));
    assertNotEquals(records.file(alike.get(0).id()), records.file(alike.get(1).id()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../etc/passwd", "..", ".", "/", "a\\b", "-rf", ".hidden"})
  void noNameLeadsOutOfTheFolder(String name) throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());

    records.write(record("local", name));

    assertEquals(mounts.folder(), records.file(new VolumeId("local", name)).getParent());
    assertEquals(List.of(record("local", name)), readAll());
  }

  @Test
  void theLongestNamesFit() throws Exception {
    RecordFolder records = new RecordFolder(mounts.folder());
    VolumeRecord ascii = record("d".repeat(255), "n".repeat(1000));
    VolumeRecord unicode = record("local", "💾".repeat(256));

    records.write(ascii);
    records.write(unicode);

    assertEquals(Set.of(ascii, unicode), Set.copyOf(readAll()));
    for (String file : names()) {
      assertTrue(file.getBytes(UTF_8).length < 200, file);
    }
  }

  @Test
  void aFullDiskLeavesTheOldRecordWhole() throws Exception {
    Path small = mounts.tmpfs("small", "size=32k");
    RecordFolder records = new RecordFolder(small);
    VolumeRecord old = record("local", "pg");
    records.write(old);
    VolumeRecord big =
        new VolumeRecord(
            old.id(),
            "plugin",
            Options.of(Map.of("big", "x".repeat(60_000))),
            "m",
            State.MOUNTED,
            Optional.empty(),
            Optional.empty(),
            false,
            "boot",
            Set.of());

    assertThrows(IOException.class, () -> records.write(big));

    assertEquals(List.of(old), records.readAll(this::report));
    assertEquals(List.of(), reports);
    records.write(old.in(State.UNMOUNTING));
    assertEquals(List.of(old.in(State.UNMOUNTING)), records.readAll(this::report));
  }

  @Test
  void aReadOnlyFolderFailsTheWriteAndLeavesTheOldRecordWhole() throws Exception {
    Path folder = mounts.tmpfs("state", "size=1m");
    RecordFolder records = new RecordFolder(folder);
    VolumeRecord old = record("local", "pg");
    records.write(old);
    mounts.mount("-o", "remount,ro", folder.toString());

    assertThrows(IOException.class, () -> records.write(old.in(State.UNMOUNTING)));
    assertThrows(IOException.class, () -> records.write(record("local", "new")));
    assertThrows(IOException.class, () -> records.remove(old.id()));

    assertEquals(List.of(old), records.readAll(this::report));
  }

  @Test
  void aFolderThatIsNotThereFails() {
    RecordFolder records = new RecordFolder(mounts.folder().resolve("missing"));

    assertThrows(IOException.class, () -> records.readAll(this::report));
    assertThrows(IOException.class, () -> records.write(record("local", "pg")));
  }

  private List<VolumeRecord> readAll() throws IOException {
    return new RecordFolder(mounts.folder()).readAll(this::report);
  }

  private void report(Path file, String why) {
    reports.add(file + ": " + why);
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(mounts.folder())) {
      return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
    }
  }

  private static VolumeRecord record(String driver, String name) {
    return VolumeRecord.mounting(
        new VolumeId(driver, name),
        "plugin",
        Options.of(Map.of("size", "5")),
        "mount-id",
        Optional.of(Path.of("/mnt/pg")),
        "boot",
        new ContainerId("one"));
  }
}
