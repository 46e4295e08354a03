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

import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.linux.LinuxException;
import io.dvdi.linux.LinuxFileSystem;
import io.dvdi.linux.LoopDevices;
import io.dvdi.linux.MountCalls;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        volumes.mountpoint("bound").toString(),
        bind(allowed.resolve("fine/a").toString(), "bind").path());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "ext4", "nfs", "cifs"})
  void bindGoesWithNoOtherType(String type) {
    String refusal =
        volumes.refusal("bound", "type", type, "o", "bind", "device", allowed.toString());

    assertTrue(refusal.contains("bind in o does not go with the type " + type), refusal);
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

    assertTrue(
        volumes.failure("disk", "type", "ext4", "device", file.toString()).contains("ENOTBLK"));
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
    "cifs, //nas/share/../other, false",
    "ext4, /dev/vda, false",
    "ext4, nas.example:/export/x, false"
  })
  void serversAreForTheOperatorToAllow(String type, String device, boolean possible) {
    if (possible) {
      volumes.check("x", "type", type, "device", device);
    } else {
      String o = type.equals("ext4") ? "" : "addr=10.0.0.1";
      assertTrue(
          volumes
              .refusal("x", "type", type, "device", device, "o", o)
              .contains("the option device names something that tasks may not use"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, nas.example/export, device",
    "nfs, /srv:/export, device",
    "nfs4, nas.example:/export\\x, device",
    "cifs, nas.example:/export, device",
    "cifs, //nas, device",
    "cifs, ///share, device",
    "cifs, //nas\\evil/share, device",
    "nfs, :/export, the server is missing"
  })
  void aDeviceThatNamesNoServerIsRefused(String type, String device, String why) {
    String refusal =
        new LocalVolumes(mounts, false, "/", "//", ":/export")
            .refusal("x", "type", type, "device", device);

    assertTrue(refusal.contains(why), refusal);
    assertFalse(refusal.contains("names something that tasks may not use"), refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, mountaddr=secret42",
    "nfs, clientaddr=secret42",
    "nfs, ip=secret42",
    "nfs, context=secret42",
    "cifs, source=secret42",
    "cifs, unc=secret42",
    "cifs, prefixpath=secret42",
    "cifs, credentials=secret42",
    "cifs, sep=secret42",
    "cifs, servern=secret42",
    "xfs, logdev=secret42",
    "xfs, rtdev=secret42",
    "ext4, journal_path=secret42",
    "ext4, journal_dev=secret42",
    "ext4, errors=panic",
    "ext3, errors=panic",
    "btrfs, device=secret42",
    "btrfs, fatal_errors=panic",
    "vfat, errors=panic",
    "tmpfs, fscontext=secret42",
    "tmpfs, mpol=secret42",
    "tmpfs, SIZE=secret42",
    "tmpfs, ' size=secret42'",
    "none, size=secret42",
    "none, rootcontext=secret42"
  })
  void optionsThatReachBeyondTheVolumeAreRefused(String type, String option) {
    String name = option.substring(0, option.indexOf('='));

    String refusal =
        volumes.refusal(
            "x",
            "type",
            type,
            "device",
            "x",
            "o",
            (type.equals("none") ? "bind," : "ro,") + option);

    assertTrue(
        refusal.contains("the mount option '" + name + "' in o is not possible with the type"),
        refusal);
    assertFalse(refusal.contains("secret42") || refusal.contains("panic"), refusal);
  }

  @Test
  void aWordThatIsNoOptionIsNotShown() {
    String refusal = volumes.refusal("x", "type", "tmpfs", "o", "ro,size=1m,secret42");

    assertTrue(
        refusal.contains("the mount option number 3 in o is not possible with the type tmpfs"),
        refusal);
    assertFalse(refusal.contains("secret42"), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"password=a,secret42", "pass=a,ro,secret42=b", "password=a,,ip=secret42="})
  void theRestOfAPasswordIsNotTakenForAName(String o) {
    String refusal =
        volumes.refusal("x", "type", "cifs", "device", "//nas/share", "o", o + ",secret42");

    assertFalse(refusal.contains("secret42"), refusal);
    assertTrue(refusal.contains("a password cannot have a comma"), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nfs  | nas.example:/export | vers=4.1,hard,timeo=600,retrans=2,rsize=1048576,nolock,noac",
        "cifs | //nas/share         | username=u,password=p,domain=d,vers=3.0,uid=1,file_mode=0600"
      })
  void theUsualOptionsArePossible(String type, String device, String o) {
    volumes.check("x", "type", type, "device", device, "o", o);
  }

  @Test
  void aFailedMountShowsNoMountOption() throws Exception {
    String failure =
        volumes.failure(
            "x", "type", "tmpfs", "device", "secret42", "o", "size=secret42,mode=secret42");

    assertTrue(failure.contains("EINVAL"), failure);
    assertFalse(failure.contains("secret42"), failure);
    volumes.assertNothingMounted();
  }

  @Test
  void aTypeThatTheKernelDoesNotHaveSaysSo() throws Exception {
    LinuxException unknown = mock(LinuxException.class);
    when(unknown.errnoName()).thenReturn("ENODEV");
    when(unknown.getMessage()).thenReturn("mount(//nas/share): ENODEV");
    try (MockedStatic<MountCalls> calls = mockStatic(MountCalls.class)) {
      calls.when(() -> MountCalls.mount(any(), any(), any(), anyLong(), any())).thenThrow(unknown);

      String failure = network().failure("x", "type", "cifs", "device", "//127.0.0.3/share");

      assertTrue(
          failure.startsWith("mount(//nas/share): ENODEV (this kernel does not know"), failure);
    }
  }

  @Test
  void aServerThatCannotBeResolvedIsAnErrorThatDoesNotShowIt() {
    LocalVolumes nfs = new LocalVolumes(mounts, false, "secret 42:/export", "127.0.0.1:/export");

    for (String[] options :
        List.of(
            new String[] {"type", "nfs", "device", "secret 42:/export"},
            new String[] {"type", "nfs", "device", ":/export", "o", "rw,addr=secret 42"},
            new String[] {"type", "nfs", "device", "127.0.0.1:/export", "o", "addr=secret 42"})) {
      String failure = nfs.failure("x", options);

      assertTrue(failure.contains("cannot be resolved"), failure);
      assertFalse(failure.contains("secret 42"), failure);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "nfs  | 127.0.0.1:/export | vers=4.1             | vers=4.1,addr=127.0.0.1",
        "nfs  | 127.0.0.1:/export | -                    | addr=127.0.0.1",
        "nfs  | 127.0.0.1:/export | addr=127.0.0.1,hard  | hard,addr=127.0.0.1",
        "nfs  | 127.0.0.1:/export | addr=127.1           | addr=127.0.0.1",
        "nfs  | 127.0.0.1:/export | addr=127.0.0.2       | addr=127.0.0.2",
        "nfs  | :/export          | addr=127.0.0.2,hard  | hard,addr=127.0.0.2",
        "nfs4 | [::1]:/export     | ro                   | addr=0:0:0:0:0:0:0:1",
        "cifs | //127.0.0.3/share | -                    | ip=127.0.0.3",
        "cifs | //127.0.0.3/share | uid=1,addr=127.0.0.3 | uid=1,ip=127.0.0.3",
        "cifs | //127.0.0.3/share | ip=127.0.0.3,uid=1   | uid=1,ip=127.0.0.3"
      })
  void theKernelIsGivenTheAddressOfAnAllowedServer(
      String type, String device, @Nullable String o, String data) throws Exception {
    try (MockedStatic<MountCalls> calls = mockStatic(MountCalls.class)) {
      network().mount("x", "type", type, "device", device, "o", o == null ? "" : o);

      calls.verify(
          () -> MountCalls.mount(eq(device), any(), eq(type), anyLong(), eq(data)), times(1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nfs  | 127.0.0.1:/export | addr=127.0.0.9",
        "nfs  | 127.0.0.1:/other  | addr=127.0.0.2",
        "nfs4 | [::1]:/export     | addr=::2",
        "cifs | //127.0.0.3/share | addr=127.0.0.9",
        "cifs | //127.0.0.3/share | ip=127.0.0.9"
      })
  void theAddressOfAnotherServerIsRefused(String type, String device, String o) {
    try (MockedStatic<MountCalls> calls = mockStatic(MountCalls.class)) {
      String failure = network().failure("x", "type", type, "device", device, "o", o);

      assertTrue(failure.contains("leads to another server than the option device"), failure);
      assertTrue(failure.contains("local_devices"), failure);
      assertFalse(failure.contains("127.0.0.9"), failure);
      calls.verifyNoInteractions();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nfs  | :/export          | addr=127.0.0.9                | names something that tasks may",
        "nfs  | :/other           | addr=127.0.0.2                | names something that tasks may",
        "nfs  | :/export          | addr=127.0.0.2,addr=127.0.0.9 | keep one",
        "nfs  | 127.0.0.1:/export | addr=127.0.0.1,addr=127.0.0.9 | keep one",
        "cifs | //127.0.0.3/share | addr=127.0.0.3,ip=127.0.0.9   | keep one",
        "nfs  | 127.0.0.1:/export | addr=127.0.0.9/x              | neither a name nor an IP"
            + " address",
        "nfs  | 127.0.0.1:/export | addr=                         | neither a name nor an IP"
            + " address",
        "nfs  | 127.0.0.1:/export | addr                          | neither a name nor an IP"
            + " address"
      })
  void anAddressThatCannotBeRightIsRefusedBeforeAnythingIsTouched(
      String type, String device, String o, String why) {
    String refusal = network().refusal("x", "type", type, "device", device, "o", o);

    assertTrue(refusal.contains(why), refusal);
    assertFalse(refusal.contains("127.0.0.9"), refusal);
    assertFalse(Files.exists(volumes.folder));
  }

  @Test
  void aServersNameEndsWhereItEnds() {
    LocalVolumes dead = new LocalVolumes(mounts, false, "dead:");

    dead.check("x", "type", "nfs", "device", "dead:/export");
    assertTrue(
        dead.refusal("x", "type", "nfs", "device", "dead::1:/export")
            .contains("names something that tasks may not use"));
    assertTrue(
        dead.refusal("x", "type", "nfs", "device", ":/export", "o", "addr=dead::1")
            .contains("names something that tasks may not use"));
  }

  private LocalVolumes network() {
    return new LocalVolumes(
        mounts, false, "127.0.0.1:/", "127.0.0.2:/export", "[::1]:/", "//127.0.0.3/");
  }

  private Succeeded bind(String device, String o) throws Exception {
    return volumes.mount("bound", "type", "none", "o", o, "device", device);
  }
}
