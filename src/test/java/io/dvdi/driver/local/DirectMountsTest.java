// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.linux.LinuxFileSystem;
import io.dvdi.linux.LoopDevices;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes with the options of Docker's local driver, mounted for real. */
class DirectMountsTest extends DirectMountsFixture {
  @Test
  void aTmpfsHasItsSize() throws Exception {
    Path path = volumes.mountpoint("tmp");

    assertEquals(
        new Succeeded(path.toString(), false, false),
        volumes.mount("tmp", "type", "tmpfs", "o", "size=8m,noexec,mode=0750"));

    assertEquals(8 << 20, LinuxFileSystem.at(path).size());
    assertTrue(volumes.line(path).options().containsAll(Set.of("rw", "nosuid", "nodev", "noexec")));

    volumes.unmount("tmp");
    volumes.assertNothingMounted();
  }

  @Test
  void readOnlyIsToldToTheOneWhoProves() throws Exception {
    assertTrue(volumes.mount("tmp", "type", "tmpfs", "o", "ro").readOnly());
  }

  @Test
  void aFolderBelowAnAllowedOneIsBound() throws Exception {
    Path source = Files.createDirectories(allowed.resolve("a/b"));
    Files.writeString(source.resolve("file"), "x");

    Succeeded bound = bind(source.toString(), "bind");

    assertEquals("x", Files.readString(Path.of(bound.path()).resolve("file")));
    assertTrue(bound.hostDirectory(), "the operator allowed this very folder");
    assertTrue(
        volumes.line(Path.of(bound.path())).options().containsAll(Set.of("rw", "nosuid", "nodev")));
    volumes.unmount("bound");
    volumes.assertNothingMounted();
    assertEquals("x", Files.readString(source.resolve("file")), "what was bound stays");
  }

  @Test
  void aBindCanBeReadOnly() throws Exception {
    Succeeded bound = bind(allowed.toString(), "bind,ro");

    assertTrue(bound.readOnly());
    assertTrue(volumes.line(Path.of(bound.path())).options().contains("ro"));
    assertThrows(IOException.class, () -> Files.createFile(Path.of(bound.path()).resolve("new")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ro"})
  void aTmpfsWithoutASizeLeavesMostOfTheMemory(String o) throws Exception {
    String kibibytes = RealMounts.run("sed", "-n", "s/^MemTotal: *//p", "/proc/meminfo").strip();
    long memory = Long.parseLong(kibibytes.replace(" kB", "")) * 1024;

    Path path = volumes.path("tmp", "type", "tmpfs", "o", o);

    long size = LinuxFileSystem.at(path).size();
    assertTrue(size > memory / 12 && size < memory / 8, size + " of " + memory);
  }

  @Test
  void aFolderThatIsNotThereFails() throws Exception {
    String failure =
        volumes.failure(
            "bound", "type", "none", "o", "bind", "device", allowed.resolve("missing").toString());

    assertTrue(failure.contains("ENOENT"), failure);
    volumes.assertNothingMounted();
  }

  @Test
  void aBlockDeviceIsMounted() throws Exception {
    Path image = mounts.image("image", "ext4", 16);
    try (LoopDevices.Attached device = LoopDevices.attach(image)) {
      LocalVolumes disks = new LocalVolumes(mounts, false, device.path().toString());

      String[] disk = {"type", "ext4", "device", device.path().toString(), "o", "noatime,discard"};
      assertFalse(disks.mount("disk", disk).hostDirectory(), "it has to be mounted");
      disks.unmount("disk");
      Path path = disks.path("disk", disk);

      assertEquals("ext4", disks.line(path).type());
      assertTrue(disks.line(path).options().containsAll(Set.of("nosuid", "nodev", "noatime")));
      disks.unmount("disk");
    }
    volumes.assertNothingMounted();
  }

  @Test
  void aFileIsNoBlockDevice() throws Exception {
    Path file = Files.writeString(allowed.resolve("file"), "x");

    String failure = volumes.failure("disk", "type", "ext4", "device", file.toString());
    assertTrue(failure.contains("the device is not a block device"), failure);
    assertFalse(failure.contains(file.toString()), failure);
  }
}
