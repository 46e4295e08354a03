// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.mount.FileSystem;
import io.dvdi.mount.MountIdentity;
import io.dvdi.mount.Mounts;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxMountsTest {
  private static final long MIB = 1 << 20;

  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private final LinuxMounts linux = new LinuxMounts();

  @Test
  void allPathsOfAMountHaveOneIdentity() throws Exception {
    Path tmpfs = mounts.tmpfs("a", "size=1m");
    Path below = Files.createDirectories(tmpfs.resolve("b/c"));
    Path file = Files.writeString(below.resolve("file"), "x");

    MountIdentity identity = linux.containing(tmpfs);

    assertEquals(identity, linux.containing(below));
    assertEquals(identity, linux.containing(file));
    assertEquals(identity, linux.containing(tmpfs), "asked again");
  }

  @Test
  void everyMountHasAnIdentityOfItsOwn() throws Exception {
    Path before = mounts.newFolder("a");
    MountIdentity under = linux.containing(before);
    Path one = mounts.tmpfs("a", "size=1m");
    Path other = mounts.tmpfs("b", "size=1m");

    assertNotEquals(under.mountId(), linux.containing(one).mountId());
    assertNotEquals(linux.containing(one).mountId(), linux.containing(other).mountId());
    assertNotEquals(linux.containing(one).device(), linux.containing(other).device());
    assertEquals(under, linux.containing(mounts.folder()));
  }

  @Test
  void theDeviceIsThatOfTheMountTable() throws Exception {
    Path tmpfs = mounts.tmpfs("a", "size=1m");

    assertEquals(MountTable.at(tmpfs).orElseThrow().device(), linux.containing(tmpfs).device());
  }

  @Test
  void aBindOfAFileSystemIsAnotherMountOfTheSameDevice() throws Exception {
    Path tmpfs = mounts.tmpfs("a", "size=1m");
    Path bind = mounts.newFolder("b");
    mounts.mount("--bind", tmpfs.toString(), bind.toString());

    assertNotEquals(linux.containing(tmpfs).mountId(), linux.containing(bind).mountId());
    assertEquals(linux.containing(tmpfs).device(), linux.containing(bind).device());
  }

  @Test
  void aMountOnTopOfAnotherIsTheOneThatIsSeen() throws Exception {
    Path lower = mounts.tmpfs("a", "size=1m");
    MountIdentity below = linux.containing(lower);
    Path upper = mounts.tmpfs("a", "size=1m");

    assertNotEquals(below, linux.containing(upper));

    mounts.unmount(upper);
    assertEquals(below, linux.containing(lower));
  }

  @Test
  void aNewMountAtTheSamePlaceIsNotTakenForTheOldOne() throws Exception {
    Path path = mounts.tmpfs("a", "size=1m");
    MountIdentity old = linux.containing(path);
    mounts.unmount(path);
    mounts.tmpfs("a", "size=1m");

    assertNotEquals(old, linux.containing(path));
  }

  @Test
  void aLinkIsWhereItLiesNotWhereItLeads() throws Exception {
    Path tmpfs = mounts.tmpfs("a", "size=1m");
    Path link = Files.createSymbolicLink(mounts.folder().resolve("link"), tmpfs);

    assertEquals(linux.containing(mounts.folder()), linux.containing(link));
  }

  @Test
  void beforeStatxTheKernelTellsTheMountOfAnOpenFile() throws Exception {
    Path tmpfs = mounts.tmpfs("a", "size=1m");
    Path below = Files.createDirectory(tmpfs.resolve("b"));
    Path bind = mounts.newFolder("bind");
    mounts.mount("--bind", tmpfs.toString(), bind.toString());

    assertEquals(MountTable.at(tmpfs).orElseThrow().id(), LinuxMounts.mountIdOfOpened(tmpfs));
    assertEquals(MountTable.at(tmpfs).orElseThrow().id(), LinuxMounts.mountIdOfOpened(below));
    assertEquals(MountTable.at(bind).orElseThrow().id(), LinuxMounts.mountIdOfOpened(bind));
    assertThrows(IOException.class, () -> LinuxMounts.mountIdOfOpened(tmpfs.resolve("missing")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "missing/too", "file/below"})
  void aPathThatIsNotThereIsNamed(String name) throws Exception {
    Files.writeString(mounts.folder().resolve("file"), "x");
    Path path = mounts.folder().resolve(name);

    assertEquals(
        path.toString(),
        assertThrows(NoSuchFileException.class, () -> linux.containing(path)).getMessage());
    assertEquals(
        path.toString(),
        assertThrows(NoSuchFileException.class, () -> linux.fileSystem(path)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\377\\376", "a\\rb", "1 2 8:1 x\\n", "a b\\tc\\\\d"})
  void theMountTableIsReadWhateverThePathsInItAre(String name) throws Exception {
    Path other = mounts.tmpfs("before", "size=1m");
    Mounts.Mark before = LinuxMounts.markByTable();
    Path volume = mounts.tmpfs("volume", "size=1m");
    MountIdentity identity = tableIdentity(volume);
    Path odd = mounts.newFolder("odd");
    // By a shell, which knows bytes.
    RealMounts.run(
        "sh",
        "-c",
        "cd \"$1\" && d=\"$(printf \"$2_\")\" && mkdir \"${d%_}\""
            + " && mount -t tmpfs tmpfs \"${d%_}\"",
        "sh",
        odd.toString(),
        name);
    try {
      assertTrue(before.isOlderThan(identity));
      assertFalse(before.isOlderThan(tableIdentity(other)));
      assertFalse(LinuxMounts.markByTable().isOlderThan(identity));
      assertTrue(LinuxMounts.existsOtherwise(identity, tooOld()));
      mounts.unmount(volume);
      assertFalse(LinuxMounts.existsOtherwise(identity, tooOld()));
    } finally {
      RealMounts.run("sh", "-c", "cd \"$1\" && umount -- *", "sh", odd.toString());
    }
  }

  @Test
  void anIdThatIsUsedAgainIsNotTheMountThatHadIt() {
    MountInfo table =
        MountInfo.of(
            List.of(
                "36 1 7:0 / /var/lib/volumes/pg rw - xfs /dev/loop0 rw",
                "37 1 0:45 /@ /mnt/btrfs rw - btrfs /dev/sda rw"));

    assertTrue(table.has(new MountIdentity(36, "7:0")));
    assertFalse(table.has(new MountIdentity(36, "7:1")), "the volume's own is gone");
    assertFalse(table.has(new MountIdentity(36, "0:45")));
    assertTrue(table.has(new MountIdentity(37, "0:46")), "a subvolume of btrfs shows another");
    assertFalse(table.has(new MountIdentity(38, "7:0")));
  }

  @Test
  void linesOfTheMountTableThatAreNoneArePassedOver() {
    MountInfo table =
        MountInfo.of(
            List.of(
                "",
                "x",
                "36",
                "36 1",
                "99999999999999999999 1 7:0 / / rw - xfs a rw",
                "36 1 7:0 / / rw - xfs a rw"));

    assertTrue(table.has(new MountIdentity(36, "7:0")));
  }

  @Test
  void whenTheKernelDoesNotSayOfAUniqueIdTheTableIsNotAskedEither() throws Exception {
    MountIdentity mount = new MountIdentity((1L << 31) + 7, "7:0");
    LinuxException refused = new LinuxException("statmount(7)", libc_h.EPERM());

    assertEquals(
        refused,
        assertThrows(IOException.class, () -> LinuxMounts.existsOtherwise(mount, refused)));
    assertFalse(
        LinuxMounts.existsOtherwise(mount, new LinuxException("statmount(7)", libc_h.ENOENT())));
  }

  @Test
  void onlyADirectoryIsOne() throws Exception {
    Path file = Files.writeString(mounts.folder().resolve("file"), "x");
    Path link = Files.createSymbolicLink(mounts.folder().resolve("link"), mounts.folder());

    assertTrue(linux.isDirectory(mounts.folder()));
    assertFalse(linux.isDirectory(file));
    assertFalse(linux.isDirectory(link));
    assertThrows(
        NoSuchFileException.class, () -> linux.isDirectory(mounts.folder().resolve("missing")));
  }

  /** As kernels before Linux 6.8 tell it. */
  private static MountIdentity tableIdentity(Path mountpoint) throws IOException {
    return new MountIdentity(
        LinuxMounts.mountIdOfOpened(mountpoint), new LinuxMounts().containing(mountpoint).device());
  }

  private static LinuxException tooOld() {
    return new LinuxException("statmount", libc_h.ENOSYS());
  }

  @Test
  void otherFailuresKeepTheirError() throws Exception {
    Path loop = mounts.folder().resolve("loop");
    Files.createSymbolicLink(loop, loop);
    Path path = loop.resolve("x");

    assertEquals(
        "ELOOP", assertThrows(LinuxException.class, () -> linux.containing(path)).errnoName());
    assertEquals(
        "ELOOP", assertThrows(LinuxException.class, () -> linux.fileSystem(path)).errnoName());
  }

  @Test
  void aFileSystemTellsTypeSizeAndWhetherItIsWritable() throws Exception {
    Path tmpfs = mounts.tmpfs("a", "size=4m");

    assertEquals(new FileSystem("tmpfs", 4 * MIB, 0, 4 * MIB, false), linux.fileSystem(tmpfs));

    Files.write(tmpfs.resolve("file"), new byte[(int) MIB]);
    assertEquals(3 * MIB, linux.fileSystem(tmpfs).available());
  }

  @Test
  void aReadOnlyFileSystemAndAReadOnlyBindAreReadOnly() throws Exception {
    Path tmpfs = mounts.tmpfs("a", "size=1m,ro");
    assertTrue(linux.fileSystem(tmpfs).readOnly());

    Path writable = mounts.tmpfs("b", "size=1m");
    Path bind = mounts.newFolder("bind");
    mounts.mount("--bind", writable.toString(), bind.toString());
    mounts.mount("-o", "remount,bind,ro", bind.toString());
    assertTrue(linux.fileSystem(bind).readOnly());
    assertFalse(linux.fileSystem(writable).readOnly());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void aFileSystemOnALoopDeviceTellsItsType(String type) throws Exception {
    Path image = mounts.image("image", type, 300);
    Path at = mounts.newFolder("at");
    mounts.mount("-t", type, "-o", "loop", image.toString(), at.toString());

    FileSystem fileSystem = linux.fileSystem(at);

    assertEquals(type, fileSystem.type());
    assertTrue(
        fileSystem.size() > 200 * MIB && fileSystem.size() <= 300 * MIB, fileSystem::toString);
  }

  @Test
  void typesOfWhichTheNumberHasTheHighestBitAreKnown() {
    assertEquals("cifs", FileSystemType.name(0xFF534D42L));
    assertEquals("cifs", FileSystemType.name(0xFFFF_FFFF_FF53_4D42L), "sign-extended");
    assertEquals("btrfs", FileSystemType.name(0x9123683EL));
    assertEquals("nfs", FileSystemType.name(0x6969));
    assertEquals("fuse", FileSystemType.name(0x65735546));
  }

  @Test
  void anUnknownTypeIsShownAsANumber() throws Exception {
    assertEquals("0xdeadbeef", FileSystemType.name(0xDEADBEEFL));
    assertEquals("0x9fa0", linux.fileSystem(Path.of("/proc")).type());
  }

  @Test
  void lookingReadsTheSameWithAFewMountsAndWithTwoThousand() throws Exception {
    Path tmpfs = mounts.tmpfs("a", "size=1m");
    Path many = mounts.tmpfs("many", "size=16m");
    for (int i = 0; i < 2_000; i++) {
      Files.createDirectory(many.resolve("m" + i));
    }
    bytesRead(tmpfs); // loads the classes
    long few = bytesRead(tmpfs);

    RealMounts.run(
        "sh",
        "-c",
        "i=0; while [ $i -lt 2000 ]; do echo \"tmpfs $1/m$i tmpfs size=4k 0 0\"; i=$((i+1)); done"
            + " > \"$1/fstab\" && mount --no-canonicalize --all --fstab \"$1/fstab\"",
        "sh",
        many.toString());
    assertEquals(2_001, MountTable.under(many).size());
    long lots = bytesRead(tmpfs);
    RealMounts.run("umount", "--lazy", many.toString());

    // The whole table would be more than 100 KB.
    assertTrue(
        lots < few + 1_000, "%d bytes with few mounts, %d bytes with many".formatted(few, lots));
  }

  /** What this thread reads when it looks at the path. */
  private long bytesRead(Path path) throws IOException {
    long before = bytesRead();
    linux.containing(path);
    return bytesRead() - before;
  }

  private static long bytesRead() throws IOException {
    String counts = Files.readString(Path.of("/proc/thread-self/io"));
    return Long.parseLong(counts.substring("rchar: ".length(), counts.indexOf('\n')));
  }
}
