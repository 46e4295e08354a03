// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mockStatic;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.program.Program;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.linux.LinuxFileSystem;
import io.dvdi.mount.FileSystem;
import io.dvdi.testing.RealMounts;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockedStatic;

/** File systems in files, for real. */
class ImageVolumesTest {
  private static final long GIB = 1L << 30;

  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private LocalVolumes volumes = new LocalVolumes(mounts, false);

  @BeforeEach
  void volumes() {
    volumes = new LocalVolumes(mounts, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void whatATaskWroteIsThereTheNextTime(String type) throws Exception {
    Path path = volumes.mountpoint("pg");

    assertEquals(
        new Succeeded(path.toString(), false, false),
        volumes.mount("pg", "size", "1", "newfstype", type));

    FileSystem fileSystem = LinuxFileSystem.at(path);
    assertEquals(type, fileSystem.type());
    assertTrue(fileSystem.size() > GIB * 3 / 4 && fileSystem.size() <= GIB, fileSystem::toString);
    Files.writeString(path.resolve("file"), "kept");
    volumes.unmount("pg");
    volumes.assertNothingMounted();
    assertFalse(Files.exists(path.resolve("file")));

    assertEquals("kept", Files.readString(volumes.path("pg", "size", "1").resolve("file")));
    volumes.unmount("pg");
    assertEquals("kept", Files.readString(volumes.path("pg").resolve("file")), "without options");
    assertEquals(type, volumes.line(path).type());
    volumes.unmount("pg");
    volumes.assertNothingMounted();
  }

  @Test
  void aNewVolumeIsExt4AndTheLogSaysThatItIsMade() throws Exception {
    Path path = volumes.path("pg", "size", "1");

    assertEquals("ext4", volumes.line(path).type());
    assertEquals(
        List.of("INFO volume 'pg' (driver local) is made: ext4, 1 GiB, in " + volumes.image("pg")),
        volumes.log.lines());
  }

  @Test
  void theFileIsSparseAndRootsAlone() throws Exception {
    volumes.mount("pg", "size", "1");

    Path image = volumes.image("pg");
    assertEquals(GIB, Files.size(image));
    long blocks = Long.parseLong(RealMounts.run("stat", "--format=%b", image.toString()).strip());
    assertTrue(blocks * 512 < GIB / 10, "it takes " + blocks * 512 + " bytes");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(image)));
    assertFalse(
        Files.getPosixFilePermissions(volumes.folder.resolve("pg"))
            .toString()
            .contains("_WRITE, OTHERS"));
  }

  @Test
  void aVolumeHasNoSetUserIdProgramsAndNoDevices() throws Exception {
    Path path = volumes.path("pg", "size", "1");

    assertTrue(volumes.line(path).options().containsAll(Set.of("rw", "nosuid", "nodev")));
  }

  @Test
  void theLoopDeviceGoesWithTheMount() throws Exception {
    volumes.mount("pg", "size", "1");
    assertEquals(1, mounts.loopDevices().size());

    volumes.unmount("pg");

    volumes.assertNothingMounted();
  }

  @Test
  void overwritefsMakesItAnewEachTime() throws Exception {
    Files.writeString(volumes.path("pg", "size", "1", "newfstype", "xfs").resolve("file"), "x");
    volumes.unmount("pg");

    Path path = volumes.path("pg", "overwritefs", "true");

    assertFalse(Files.exists(path.resolve("file")));
    assertEquals("xfs", volumes.line(path).type(), "as it was");
    assertEquals(GIB, Files.size(volumes.image("pg")), "as it was");
    volumes.unmount("pg");

    volumes.path("pg", "size", "2", "newfstype", "ext4", "overwritefs", "true");
    assertEquals("ext4", volumes.line(path).type());
    assertEquals(2 * GIB, Files.size(volumes.image("pg")));
  }

  @Test
  void whatExistsStaysAsItIsAndTheLogSaysSo() throws Exception {
    Files.writeString(volumes.path("pg", "size", "1").resolve("file"), "kept");
    volumes.unmount("pg");

    Path path = volumes.path("pg", "size", "2", "newfstype", "xfs");

    assertEquals("kept", Files.readString(path.resolve("file")));
    assertEquals("ext4", volumes.line(path).type());
    assertEquals(GIB, Files.size(volumes.image("pg")));
    String warning = volumes.log.lines().get(1);
    assertTrue(
        warning.startsWith("WARNING volume 'pg' (driver local) exists with ext4 and 1 GiB"),
        warning);
    assertTrue(warning.contains("overwritefs=true"), warning);
  }

  @Test
  void theSameOptionsAgainAreNothingToWarnOf() throws Exception {
    volumes.mount("pg", "size", "1", "newfstype", "ext4");
    volumes.unmount("pg");
    volumes.mount("pg", "size", "1", "newfstype", "ext4");

    assertEquals(1, volumes.log.lines().size(), () -> volumes.log.lines().toString());
  }

  @Test
  void aVolumeIsMadeByCreateAlone() throws Exception {
    assertEquals(Existence.ABSENT, volumes.ask("pg", "size", "1").existence());
    Failed failed = assertInstanceOf(Failed.class, volumes.mountOnly("pg", "size", "1"));
    assertTrue(failed.words().contains(volumes.image("pg") + " does not exist"), failed.words());

    assertEquals(new Succeeded(), volumes.create("pg", "size", "1"));

    assertEquals(Existence.EXISTS, volumes.ask("pg", "size", "1").existence());
    assertEquals(Existence.EXISTS, volumes.ask("pg").existence(), "without options");
    assertEquals(new Succeeded(path("pg"), false), volumes.mountOnly("pg", "size", "1"));
  }

  @Test
  void createNeverMakesAVolumeOverOneThatExists() throws Exception {
    Files.writeString(volumes.path("pg", "size", "1").resolve("file"), "kept");
    volumes.unmount("pg");

    for (String overwrite : List.of("false", "true")) {
      assertEquals(new Succeeded(), volumes.create("pg", "size", "1", "overwritefs", overwrite));
    }

    assertEquals("kept", Files.readString(volumes.path("pg").resolve("file")));
  }

  @Test
  void aVolumeThatIsMadeAnewAtEachMountIsMadeOnce() throws Exception {
    volumes.mount("pg", "size", "1", "overwritefs", "true");

    assertEquals(1, volumes.log.lines().size(), () -> volumes.log.lines().toString());
  }

  private String path(String name) {
    return volumes.mountpoint(name).toString();
  }

  @Test
  void aVolumeThatDoesNotFitIsNotMade() throws Exception {
    mounts.mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", mounts.newFolder("volumes").toString());

    String failure = volumes.failure("pg", "size", "3");

    assertTrue(failure.contains("its 3 GiB do not fit on the disk of"), failure);
    assertTrue(failure.contains("0 GiB left"), failure);
    assertFalse(Files.exists(volumes.image("pg")));
    volumes.assertNoTraces("pg");
  }

  @Test
  void aFileSystemThatCannotBeMadeSaysWhy() throws Exception {
    // mkfs refuses what is neither a file nor a block device.
    Program.Ended refused =
        Program.run(
            List.of("mkfs.ext4", "-q", "-F", "/dev/null"), Deadline.after(Duration.ofSeconds(30)));
    try (MockedStatic<Program> programs = mockStatic(Program.class)) {
      programs.when(() -> Program.run(any(), any())).thenReturn(refused);

      String failure = volumes.failure("pg", "size", "1");

      assertTrue(failure.matches("mkfs\\.ext4 failed with status [1-9][0-9]*: .+"), failure);
    }
    assertFalse(Files.exists(volumes.image("pg")));
    volumes.assertNoTraces("pg");
  }

  @Test
  void aFileSystemIsNotHalfMadeWhenTheModuleCloses() throws Exception {
    try (MockedStatic<Program> programs = mockStatic(Program.class)) {
      programs.when(() -> Program.run(any(), any())).thenThrow(killed());

      String failure = volumes.failure("pg", "size", "1", "newfstype", "xfs");

      assertTrue(failure.contains("was killed"), failure);
    }
    assertFalse(Files.exists(volumes.image("pg")));
    volumes.assertNoTraces("pg");

    assertEquals(volumes.mountpoint("pg"), volumes.path("pg", "size", "1"), "the next try works");
  }

  @Test
  void anOldFileSystemStaysWhenItsSuccessorCannotBeMade() throws Exception {
    Files.writeString(volumes.path("pg", "size", "1").resolve("file"), "kept");
    volumes.unmount("pg");

    try (MockedStatic<Program> programs = mockStatic(Program.class)) {
      programs.when(() -> Program.run(any(), any())).thenThrow(killed());

      String failure = volumes.failure("pg", "overwritefs", "true");

      assertTrue(failure.contains("was killed"), failure);
    }
    volumes.assertNoTraces("pg");
    assertEquals("kept", Files.readString(volumes.path("pg").resolve("file")));
  }

  /** By itself, mkfs may end before the thread is interrupted. */
  private static DriverException killed() {
    return DriverException.uncertain(
        "the module is closing; mkfs was killed", new InterruptedException());
  }

  @Test
  void whatACrashLeftHalfMadeIsReplaced() throws Exception {
    Path next = mounts.newFolder("volumes/pg").resolve("image.new");
    Files.writeString(next, "x".repeat(10_000));

    Path path = volumes.path("pg", "size", "1");

    assertEquals("ext4", volumes.line(path).type());
    assertEquals(GIB, Files.size(volumes.image("pg")));
    volumes.assertNoTraces("pg");
  }

  @Test
  void aMkfsThatOutlivedItsAgentWritesNowhere() throws Exception {
    Path next = mounts.newFolder("volumes/pg").resolve("image.new");
    try (FileChannel outlived =
        FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      Path path = volumes.path("pg", "size", "1");
      Files.writeString(path.resolve("file"), "kept");
      volumes.unmount("pg");

      outlived.write(ByteBuffer.allocate(1 << 20), 0);
      outlived.truncate(0);
    }

    assertEquals(GIB, Files.size(volumes.image("pg")));
    assertEquals("kept", Files.readString(volumes.path("pg").resolve("file")));
  }

  @Test
  void aLinkInThePlaceOfTheNewFileIsNotFollowed() throws Exception {
    Path other = Files.writeString(mounts.folder().resolve("other"), "x");
    Files.createSymbolicLink(mounts.newFolder("volumes/pg").resolve("image.new"), other);

    volumes.mount("pg", "size", "1");

    assertEquals("x", Files.readString(other));
    assertTrue(Files.isRegularFile(volumes.image("pg"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void whatOtherVolumesMayStillTakeIsNotGivenAway() throws Exception {
    Path disk = mounts.tmpfs("volumes", "size=3500m");
    volumes.mount("a", "size", "2");

    String failure = volumes.failure("b", "size", "2");

    assertEquals(
        "its 2 GiB do not fit on the disk of "
            + disk.resolve("b")
            + ", which has 3 GiB left, of which the other volumes may still take 2 GiB; ask for"
            + " less, or let the operator make room",
        failure);
    volumes.assertNoTraces("b");
    volumes.mount("b", "size", "1");
    volumes.unmount("a");
    assertEquals(
        volumes.mountpoint("a"),
        volumes.path("a", "size", "2", "overwritefs", "true"),
        "what it is replaced by takes the place of the old");
  }

  @Test
  void imagesOfAnotherDiskDoNotCount() throws Exception {
    mounts.tmpfs("volumes", "size=1500m");
    mounts.tmpfs("volumes/a", "size=1500m");
    volumes.mount("a", "size", "1");

    volumes.mount("b", "size", "1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 1082, 100_000})
  void aFileThatIsNoFileSystemIsLeftAlone(int size) throws Exception {
    Path image = mounts.newFolder("volumes/pg").resolve("image");
    Files.write(image, new byte[size]);

    for (String failure : List.of(volumes.failure("pg"), volumes.failure("pg", "size", "1"))) {
      assertTrue(failure.contains(image + " holds neither ext4 nor xfs"), failure);
      assertTrue(failure.contains("for a person to look at"), failure);
    }

    assertEquals(size, Files.size(image));
    volumes.assertNothingMounted();
  }

  @Test
  void aDamagedFileSystemIsNotMountedAndItsLoopDeviceIsFreed() throws Exception {
    volumes.mount("pg", "size", "1", "newfstype", "xfs");
    volumes.unmount("pg");
    RealMounts.run(
        "dd",
        "if=/dev/zero",
        "of=" + volumes.image("pg"),
        "bs=1",
        "seek=4",
        "count=500",
        "conv=notrunc",
        "status=none");

    String failure = volumes.failure("pg");

    assertTrue(failure.startsWith("mount of "), failure);
    assertTrue(failure.contains(": E"), failure);
    volumes.assertNothingMounted();
  }

  @Test
  void aVolumeInUseCannotBeUnmountedAndSaysHowToFindTheUser() throws Exception {
    Path path = volumes.path("pg", "size", "1");
    try (var open = Files.newOutputStream(path.resolve("open"))) {
      open.write(1);

      Failed failed = assertInstanceOf(Failed.class, volumes.tryUnmount("pg"));

      assertTrue(failed.words().contains("EBUSY"), failed.words());
      assertTrue(failed.words().contains("fuser -vm " + path), failed.words());
    }

    volumes.unmount("pg");
    volumes.assertNothingMounted();
  }

  @Test
  void withoutASizeItMustExist() {
    for (String[] options :
        List.of(new String[] {"newfstype", "xfs"}, new String[] {"overwritefs", "true"})) {
      String refusal = volumes.refusal("pg", options);
      assertTrue(refusal.contains("does not exist yet; give the option size"), refusal);
    }
    assertFalse(Files.exists(volumes.folder), "nothing is made by looking");
  }

  @Test
  void aFolderThatCannotBeWrittenSaysWhich() throws Exception {
    mounts.mount("-t", "tmpfs", "-o", "ro", "tmpfs", mounts.newFolder("volumes").toString());

    String failure = volumes.failure("pg", "size", "1");

    assertTrue(failure.contains(volumes.folder.toString()), failure);
    assertTrue(failure.contains("Read-only file system"), failure);
  }
}
