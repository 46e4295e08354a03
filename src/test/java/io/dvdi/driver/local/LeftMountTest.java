// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.linux.LoopDevices;
import io.dvdi.linux.MountSource;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import io.dvdi.volume.MountOption;
import io.dvdi.volume.Options;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Mount of a volume that an Unmount has left mounted, and of one where something else is. */
class LeftMountTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private Path allowed = Path.of("/nonexistent");
  private LocalVolumes volumes = new LocalVolumes(mounts, true);

  @BeforeEach
  void volumes() throws Exception {
    allowed = mounts.newFolder("allowed");
    volumes = new LocalVolumes(mounts, true, allowed.toString());
  }

  /** What is looked at while a process uses the volume. */
  @FunctionalInterface
  private interface Check {
    void run() throws Exception;
  }

  /** Mounts the volume, and cannot unmount it while a file is open. */
  private void whileInUse(Check check, String... options) throws Exception {
    try (OutputStream open = Files.newOutputStream(volumes.path("pg", options).resolve("file"))) {
      open.write('x');
      Failed failed = assertInstanceOf(Failed.class, volumes.tryUnmount("pg"));
      assertTrue(failed.words().contains("EBUSY"), failed.words());
      check.run();
    }
  }

  private void assertMountedOnce() throws Exception {
    assertEquals(1, MountTable.under(volumes.folder).size());
  }

  @ParameterizedTest
  @CsvSource({"ext4, true", "xfs, false"})
  void theNextTaskGetsAnImageThatIsStillInUse(String type, boolean withOptions) throws Exception {
    whileInUse(
        () -> {
          String[] options = withOptions ? new String[] {"size", "1"} : new String[] {};

          assertEquals(
              new Succeeded(volumes.mountpoint("pg").toString(), false),
              volumes.tryMount("pg", options));

          assertMountedOnce();
          assertEquals(1, mounts.loopDevices().size());
          assertEquals("x", Files.readString(volumes.mountpoint("pg").resolve("file")));
          assertEquals(
              "INFO volume 'pg' (driver local) is still mounted at "
                  + volumes.mountpoint("pg")
                  + ", and is used as it is",
              volumes.log.lines().get(1));
        },
        "size",
        "1",
        "newfstype",
        type);
    volumes.unmount("pg");
    volumes.unmount("pg");
    volumes.assertNothingMounted();
  }

  @Test
  void aNewFileSystemIsNotMadeWhileTheOldOneIsInUse() throws Exception {
    whileInUse(
        () -> {
          Object image = Files.getAttribute(volumes.image("pg"), "unix:ino");

          String failure = volumes.failure("pg", "size", "1", "overwritefs", "true");

          assertTrue(failure.contains("with the files of an earlier task"), failure);
          assertTrue(failure.contains("fuser -vm " + volumes.mountpoint("pg")), failure);
          assertMountedOnce();
          assertEquals(image, Files.getAttribute(volumes.image("pg"), "unix:ino"));
        },
        "size",
        "1",
        "overwritefs",
        "true");
    volumes.unmount("pg");
    assertFalse(
        Files.exists(volumes.path("pg", "size", "1", "overwritefs", "true").resolve("file")));
  }

  @Test
  void aTmpfsIsNotGivenToTheNextTaskWithTheFilesOfTheLast() throws Exception {
    whileInUse(
        () -> {
          String failure = volumes.failure("pg", "type", "tmpfs", "o", "size=1m");

          assertTrue(failure.contains("with the files of an earlier task"), failure);
          assertMountedOnce();
        },
        "type",
        "tmpfs",
        "o",
        "size=1m");
    volumes.unmount("pg");
    assertFalse(Files.exists(volumes.path("pg", "type", "tmpfs").resolve("file")));
  }

  @ParameterizedTest
  @CsvSource({"ext4", "xfs"})
  void aFileSystemThatHasGivenUpIsNotGivenToATask(String type) throws Exception {
    whileInUse(
        () -> {
          Path mountpoint = volumes.mountpoint("pg");
          RealMounts.run("xfs_io", "-F", "-x", "-c", "shutdown", mountpoint.toString());
          RealMounts.run("stat", "--file-system", mountpoint.toString()); // from memory

          String failure = volumes.failure("pg", "size", "1");

          // XFS tells nothing of its files any more.
          String why = type.equals("xfs") ? "does not answer" : "is broken";
          assertTrue(failure.contains("its file system " + why), failure);
          assertTrue(failure.contains("unmount it first"), failure);
        },
        "size",
        "1",
        "newfstype",
        type);
  }

  @Test
  void aFileSystemThatHasBecomeReadOnlyIsNotGivenToATask() throws Exception {
    Path path = volumes.path("pg", "size", "1");
    mounts.mount("-o", "remount,ro", path.toString());

    String failure = volumes.failure("pg", "size", "1");

    assertTrue(failure.contains("it has become read-only"), failure);
  }

  @Test
  void theNextTaskGetsABindThatIsStillInUse() throws Exception {
    Path source = Files.createDirectory(allowed.resolve("a"));
    String[] options = {"type", "none", "o", "bind", "device", source.toString()};
    whileInUse(
        () -> {
          assertEquals(
              new Succeeded(volumes.mountpoint("pg").toString(), false, true),
              volumes.tryMount("pg", options));
          assertMountedOnce();

          Path other = Files.createDirectory(allowed.resolve("b"));
          for (String[] differing :
              List.of(
                  new String[] {"o", "bind", "device", other.toString()},
                  new String[] {"o", "bind,ro", "device", source.toString()},
                  new String[] {"o", "bind,noexec", "device", source.toString()},
                  new String[] {"type", "tmpfs"},
                  new String[] {"size", "1"})) {
            assertRefused(volumes.failure("pg", differing));
          }
        },
        options);
  }

  @Test
  void theNextTaskGetsABlockDeviceThatIsStillInUse() throws Exception {
    Path image = mounts.image("disk", "ext4", 16);
    Path another = mounts.image("another", "ext4", 16);
    try (LoopDevices.Attached device = LoopDevices.attach(image);
        LoopDevices.Attached other = LoopDevices.attach(another)) {
      volumes = new LocalVolumes(mounts, true, device.path().toString(), other.path().toString());
      String[] options = {"type", "ext4", "device", device.path().toString()};
      whileInUse(
          () -> {
            assertEquals(
                new Succeeded(volumes.mountpoint("pg").toString(), false),
                volumes.tryMount("pg", options));
            assertMountedOnce();
            assertRefused(volumes.failure("pg", "type", "ext4", "device", other.path().toString()));
          },
          options);
      volumes.unmount("pg");
    }
  }

  @Test
  void whatSomebodyElseHasMountedThereIsNeitherUsedNorCovered() throws Exception {
    volumes.mount("pg", "size", "1");
    volumes.unmount("pg");
    String image = volumes.image("pg").toString();
    Path at = volumes.mountpoint("pg");
    mounts.mount("-t", "tmpfs", "-o", "nosuid,nodev", "tmpfs", at.toString());

    assertRefused(volumes.failure("pg", "size", "1"));

    mounts.unmount(at);
    mounts.mount("-o", "loop", image, at.toString());
    assertRefused(volumes.failure("pg", "size", "1")); // with devices and set-user-ID programs
    assertMountedOnce();
  }

  private void assertRefused(String failure) {
    assertEquals(
        "the mount at %1$s does not match the volume's options (`findmnt %1$s` shows it); unmount it first"
            .formatted(volumes.mountpoint("pg")),
        failure);
  }

  @Test
  void aDeadFileSystemIsNotGivenToATask() throws Exception {
    Path at = mounts.newFolder("volumes/pg/mount");
    Process server =
        new ProcessBuilder(
                "rclone", "mount", "--config=/dev/null", ":local:" + allowed, at.toString())
            .redirectErrorStream(true)
            .redirectOutput(mounts.folder().resolve("rclone.log").toFile())
            .start();
    try {
      Eventually.holds("rclone has mounted", () -> MountTable.at(at).isPresent());
    } finally {
      server.destroyForcibly().waitFor();
    }

    String failure = volumes.failure("pg", "type", "tmpfs");

    assertTrue(failure.contains("its file system does not answer"), failure);
    assertEquals("EXISTS", volumes.ask("pg", "type", "tmpfs").existence().name());
  }

  @ParameterizedTest
  @CsvSource({
    "nfs4, 127.0.0.1:/export, addr=127.0.0.1, true",
    "nfs, 127.0.0.1:/export, addr=127.0.0.1, true",
    "nfs4, 127.0.0.1:/export, addr=127.0.0.2, false",
    "nfs4, 127.0.0.1:/export, vers=4.2, false",
    "nfs4, 127.0.0.1:/other, addr=127.0.0.1, false",
    "cifs, 127.0.0.1:/export, addr=127.0.0.1, false",
    "ext4, 127.0.0.1:/export, addr=127.0.0.1, false"
  })
  void anExportIsKnownByItsNameAndItsServersAddress(
      String type, String source, String superOption, boolean same) throws Exception {
    LocalOptions.Direct direct =
        (LocalOptions.Direct)
            LocalOptions.of(
                LocalVolumes.id("pg"),
                Options.of(Map.of("type", "nfs", "device", "127.0.0.1:/export")));

    assertEquals(
        same,
        RemoteDevice.of(LocalVolumes.id("pg").toString(), direct)
            .isAt(
                direct,
                new MountSource(
                    MountOption.list("rw"), type, source, MountOption.list("rw," + superOption)),
                device -> true));
  }
}
