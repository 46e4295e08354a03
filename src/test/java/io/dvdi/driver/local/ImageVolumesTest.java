// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.linux.LinuxFileSystem;
import io.dvdi.testing.RealMounts;
import io.dvdi.volume.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File systems in files, for real: how they are mounted, and what stays in them. */
class ImageVolumesTest extends ImageVolumesFixture {
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
        List.of(
            "INFO volume 'pg' (driver local) was created: ext4, 1 GiB, in " + volumes.image("pg")),
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

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 1082, 100_000})
  void aFileThatIsNoFileSystemIsLeftAlone(int size) throws Exception {
    Path image = mounts.newFolder("volumes/pg").resolve("image");
    Files.write(image, new byte[size]);

    for (String failure : List.of(volumes.failure("pg"), volumes.failure("pg", "size", "1"))) {
      assertTrue(failure.contains(image + " contains neither ext4 nor xfs"), failure);
      assertTrue(failure.contains("check it by hand"), failure);
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

    assertTrue(failure.startsWith("mount failed with status 32: mount: "), failure);
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
}
