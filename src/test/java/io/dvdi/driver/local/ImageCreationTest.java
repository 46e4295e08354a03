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
import io.dvdi.driver.Program;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

/** A volume is made, or made anew: once, and whole or not at all. */
class ImageCreationTest extends ImageVolumesFixture {
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
  void withoutASizeItMustExist() {
    for (String[] options :
        List.of(new String[] {"newfstype", "xfs"}, new String[] {"overwritefs", "true"})) {
      String refusal = volumes.refusal("pg", options);
      assertTrue(refusal.contains("does not exist yet; set the option size"), refusal);
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
