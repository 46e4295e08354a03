// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.when;

import io.dvdi.driver.Mountpoint;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.LinuxMounts;
import io.dvdi.linux.LoopDevices;
import io.dvdi.linux.MountCalls;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockedStatic;

/** Volumes with the options of Docker's local driver. */
class DirectMountsTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private Path allowed = Path.of("/nonexistent");
  private LocalVolumes volumes = new LocalVolumes(mounts, false);

  @BeforeEach
  void volumes() throws IOException {
    allowed = mounts.newFolder("allowed");
    volumes = new LocalVolumes(mounts, false, allowed.toString(), "nas.example:/export", "//nas/");
  }

  @Test
  void aTmpfsHasItsSize() throws Exception {
    Mountpoint mountpoint = volumes.mount("tmp", "type", "tmpfs", "o", "size=8m,noexec,mode=0750");

    assertEquals(new Mountpoint(volumes.mountpoint("tmp"), false, false), mountpoint);
    assertEquals(8 << 20, new LinuxMounts().fileSystem(mountpoint.path()).size());
    assertTrue(
        volumes
            .line(mountpoint.path())
            .options()
            .containsAll(Set.of("rw", "nosuid", "nodev", "noexec")));

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

    Mountpoint mountpoint = bind(source.toString(), "bind");

    assertEquals("x", Files.readString(mountpoint.path().resolve("file")));
    assertTrue(mountpoint.hostDirectory(), "the operator allowed this very folder");
    assertTrue(
        volumes.line(mountpoint.path()).options().containsAll(Set.of("rw", "nosuid", "nodev")));
    volumes.unmount("bound");
    volumes.assertNothingMounted();
    assertEquals("x", Files.readString(source.resolve("file")), "what was bound stays");
  }

  @Test
  void aBindCanBeReadOnly() throws Exception {
    Mountpoint mountpoint = bind(allowed.toString(), "bind,ro");

    assertTrue(mountpoint.readOnly());
    assertTrue(volumes.line(mountpoint.path()).options().contains("ro"));
    assertThrows(IOException.class, () -> Files.createFile(mountpoint.path().resolve("new")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/etc", "/", "%sx", "%s/../x", "%s/..", "%s/a/../../..", "relative", ".."})
  void otherFoldersAreRefusedBeforeAnythingIsTouched(String device) {
    String refusal =
        volumes.refusal("bound", "type", "none", "o", "bind", "device", device.formatted(allowed));

    assertTrue(refusal.contains("the option device"), refusal);
    assertTrue(refusal.contains("parameter local_devices (now: " + allowed), refusal);
    assertFalse(Files.exists(volumes.folder));
  }

  @Test
  void withoutAllowedDevicesNoneIs() {
    String refusal =
        new LocalVolumes(mounts, false)
            .refusal("bound", "type", "none", "o", "bind", "device", "/srv");

    assertTrue(refusal.contains("(now: none)"), refusal);
  }

  @Test
  void aLinkThatLeadsOutOfAnAllowedFolderIsRefused() throws Exception {
    Files.createSymbolicLink(allowed.resolve("link"), Path.of("/etc"));
    Files.createDirectories(allowed.resolve("inside/a"));
    Files.createSymbolicLink(allowed.resolve("fine"), allowed.resolve("inside"));

    for (String device : new String[] {"link", "link/ssl"}) {
      String failure =
          volumes.failure(
              "bound", "type", "none", "o", "bind", "device", allowed.resolve(device).toString());
      assertTrue(failure.contains("leads to a place"), failure);
      assertTrue(failure.contains("local_devices"), failure);
    }
    volumes.assertNothingMounted();

    assertEquals(
        volumes.mountpoint("bound"), bind(allowed.resolve("fine/a").toString(), "bind").path());
  }

  @Test
  void theWordBindDoesNotOpenTheHostToOtherTypes() throws Exception {
    String failure = volumes.failure("bound", "type", "tmpfs", "o", "bind", "device", "/etc");

    assertTrue(failure.contains("local_devices"), failure);
    volumes.assertNothingMounted();
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

      Path path =
          disks.path("disk", "type", "ext4", "device", device.path().toString(), "o", "noatime");

      assertEquals("ext4", disks.line(path).type());
      assertTrue(disks.line(path).options().containsAll(Set.of("nosuid", "nodev", "noatime")));
      disks.unmount("disk");
    }
    volumes.assertNothingMounted();
  }

  @Test
  void aFileIsNoBlockDevice() throws Exception {
    Path file = Files.writeString(allowed.resolve("file"), "x");

    assertTrue(
        volumes.failure("disk", "type", "ext4", "device", file.toString()).endsWith("ENOTBLK"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proc",
        "sysfs",
        "overlay",
        "devtmpfs",
        "cgroup2",
        "bpf",
        "fuse",
        "9p",
        "EXT4",
        "secret42"
      })
  void typesThatShowMoreThanAVolumeAreRefused(String type) {
    String refusal =
        volumes.refusal("x", "type", type, "device", allowed.toString(), "o", "a=secret42");

    assertTrue(refusal.contains("the option type is none of [btrfs, cifs, ext2"), refusal);
    assertFalse(refusal.contains("secret42"), refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, nas.example:/export, true",
    "nfs4, nas.example:/export/pg, true",
    "nfs, nas.example:/exports, false",
    "nfs, nas.example:/export/../etc, false",
    "nfs, nas.example.org:/export, false",
    "nfs, :/export, false",
    "cifs, //nas/share, true",
    "cifs, //nas.evil/share, false",
    "ext4, /dev/vda, false"
  })
  void serversAreForTheOperatorToAllow(String type, String device, boolean possible) {
    if (possible) {
      volumes.check("x", "type", type, "device", device);
    } else {
      assertTrue(
          volumes
              .refusal("x", "type", type, "device", device, "o", "addr=10.0.0.1")
              .contains("local_devices"));
    }
  }

  @Test
  void aFailedMountShowsNoMountOption() throws Exception {
    for (String type : new String[] {"tmpfs", "none"}) {
      String failure =
          volumes.failure(
              "x",
              "type",
              type,
              "device",
              allowed.resolve("missing").toString(),
              "o",
              "password=secret42,nosuchoption=secret42" + (type.equals("none") ? ",bind" : ""));

      assertFalse(failure.contains("secret42"), failure);
    }
    volumes.assertNothingMounted();
  }

  @Test
  void aTypeThatTheKernelDoesNotHaveSaysSo() throws Exception {
    LinuxException unknown = mock(LinuxException.class);
    when(unknown.errnoName()).thenReturn("ENODEV");
    when(unknown.getMessage()).thenReturn("mount(//nas/share): ENODEV");
    try (MockedStatic<MountCalls> calls = mockStatic(MountCalls.class)) {
      calls.when(() -> MountCalls.mount(any(), any(), any(), anyLong(), any())).thenThrow(unknown);

      String failure =
          volumes.failure("x", "type", "cifs", "device", "//nas/share", "o", "addr=127.0.0.1");

      assertTrue(
          failure.startsWith("mount(//nas/share): ENODEV (this kernel does not know"), failure);
    }
  }

  @Test
  void aServerThatCannotBeResolvedIsAnError() {
    LocalVolumes nfs = new LocalVolumes(mounts, false, "bad name:/export", ":/export");

    String failure = nfs.failure("x", "type", "nfs", "device", "bad name:/export");
    assertTrue(failure.contains("cannot be resolved"), failure);

    failure = nfs.failure("x", "type", "nfs", "device", ":/export", "o", "rw,addr=bad name");
    assertTrue(failure.contains("cannot be resolved"), failure);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "nfs  | 127.0.0.1:/export | vers=4.1            | vers=4.1,addr=127.0.0.1",
        "nfs  | 127.0.0.1:/export | -                   | addr=127.0.0.1",
        "nfs  | :/export          | addr=127.0.0.2,hard | addr=127.0.0.2,hard",
        "nfs4 | ::1:/export       | ro                  | addr=0:0:0:0:0:0:0:1",
        "cifs | //nas/share       | addr=127.0.0.1,a=b  | addr=127.0.0.1,a=b",
        "cifs | //nas/share       | a=b                 | a=b"
      })
  void theKernelIsGivenTheServersAddress(
      String type, String device, @Nullable String o, String data) throws Exception {
    LocalVolumes network =
        new LocalVolumes(mounts, false, "127.0.0.1:/", "::1:/", ":/export", "//nas/");
    try (MockedStatic<MountCalls> calls = mockStatic(MountCalls.class)) {
      network.mount("x", "type", type, "device", device, "o", o == null ? "" : o);

      calls.verify(
          () -> MountCalls.mount(eq(device), any(), eq(type), anyLong(), eq(data)), times(1));
    }
  }

  @Test
  void aMountOverAMountIsUndoneOneByOne() throws Exception {
    volumes.mount("tmp", "type", "tmpfs", "o", "size=1m");
    long lower = volumes.line(volumes.mountpoint("tmp")).id();
    volumes.mount("tmp", "type", "tmpfs", "o", "size=2m");

    volumes.unmount("tmp");

    assertEquals(lower, MountTable.at(volumes.mountpoint("tmp")).orElseThrow().id());
  }

  private Mountpoint bind(String device, String o) throws Exception {
    return volumes.mount("bound", "type", "none", "o", o, "device", device);
  }
}
