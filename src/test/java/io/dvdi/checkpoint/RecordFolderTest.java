// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.log.Log;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFolderTest {
  private static final String BOOT = "this-boot";
  private static final long DOUBT_ENDS = 240_000;
  private static final VolumeId PG = new VolumeId("local", "pg");

  @RegisterExtension private final RealMounts mounts = new RealMounts();

  private final List<String> log = new ArrayList<>();

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
  void filesOfOthersAreLeftAlone() throws Exception {
    open();
    Path notes = Files.writeString(mounts.folder().resolve("notes.txt"), "{");
    assertEquals(List.of(), readAll());
    assertTrue(Files.exists(notes));
    assertEquals(List.of(), log);
  }

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

  private List<VolumeState> open(ContainerId alive) {
    return new RecordFolder(mounts.folder(), BOOT, DOUBT_ENDS).readAll(Set.of(alive), logger());
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
    assertNotEquals(RecordFolder.name(alike.get(0).id()), RecordFolder.name(alike.get(1).id()));
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

  private RecordFolder open() {
    RecordFolder records = new RecordFolder(mounts.folder(), BOOT, DOUBT_ENDS);
    List<VolumeState> unused = records.readAll(Set.of(), (level, text) -> {});
    return records;
  }

  private List<VolumeRecord> readAll() {
    return readAll(new RecordFolder(mounts.folder(), BOOT, DOUBT_ENDS));
  }

  private List<VolumeRecord> readAll(RecordFolder records) {
    return records.readAll(Set.of(new ContainerId("one")), logger()).stream()
        .map(state -> state.record().orElseThrow())
        .toList();
  }

  private Log logger() {
    return (level, text) -> log.add(text);
  }

  private Path boot() {
    return mounts.folder().resolve(BOOT);
  }

  private Path file(VolumeId id) {
    return boot().resolve(RecordFolder.name(id));
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(boot())) {
      return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
    }
  }
}
