// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import io.dvdi.driver.Mountpoint;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, plain directories, and what all kinds of local volumes share. */
class LocalDriverTest {
  @RegisterExtension private final RealMounts mounts = new RealMounts();
  private LocalVolumes volumes = new LocalVolumes(mounts, true);

  @BeforeEach
  void volumes() {
    volumes = new LocalVolumes(mounts, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg", "9", "A.b_c-D", "a..b"})
  void namesAreThoseOfDockersLocalDriver(String name) {
    volumes.check(name);
    volumes.check("n".repeat(255));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..", ".", ".a", "-a", "_a", "a/b", "../a", "/a", "a b", "a;b", "ä", "a:b", "a,b", "$(id)"
      })
  void otherNamesAreRefused(String name) throws Exception {
    String refusal = volumes.refusal(name, "type", "tmpfs");

    assertTrue(refusal.contains("volume '" + name + "' (driver local)"), refusal);
    assertTrue(refusal.contains("allows letters, digits and . _ -"), refusal);
    assertThrows(DriverException.class, () -> volumes.mount(name, "type", "tmpfs"));
    assertFalse(Files.exists(volumes.folder));
  }

  @Test
  void aNameOfMoreThan255CharactersIsRefused() {
    assertTrue(volumes.refusal("n".repeat(256)).contains("at most 255"));
  }

  @Test
  void aPlainDirectoryIsNotForTheAskingAlone() {
    LocalVolumes strict = new LocalVolumes(mounts, false);

    String refusal = strict.refusal("pg");

    assertTrue(refusal.contains("would be a plain directory"), refusal);
    assertTrue(refusal.contains("size=<GiB>"), refusal);
    assertTrue(refusal.contains("plain_directories"), refusal);
    assertThrows(DriverException.class, () -> strict.mount("pg"));
    assertFalse(Files.exists(volumes.folder));
  }

  @Test
  void aPlainDirectoryKeepsItsData() throws Exception {
    Mountpoint mountpoint = volumes.mount("pg");
    assertEquals(
        new Mountpoint(volumes.folder.resolve("pg/_data"), true, false), mountpoint, "as Docker's");
    Files.writeString(mountpoint.path().resolve("file"), "kept");
    volumes.unmount("pg");

    assertEquals("kept", Files.readString(volumes.path("pg").resolve("file")));
    assertEquals(
        List.of("INFO volume 'pg' (driver local) is made as the directory " + mountpoint.path()),
        volumes.log.lines());
    volumes.assertNothingMounted();
  }

  @Test
  void aPlainDirectoryThatMustExistIsNotMade() throws Exception {
    assertThrows(DriverException.class, () -> volumes.mountExisting("pg"));
    assertFalse(Files.exists(volumes.folder.resolve("pg/_data")));

    volumes.mount("pg");
    volumes.mountExisting("pg");
  }

  @Test
  void theMountpointIsKnownBeforehand() {
    assertEquals(volumes.folder.resolve("pg/mount"), volumes.mountpoint("pg"));
  }

  @Test
  void unmountingWhatIsNotMountedIsNoError() throws Exception {
    volumes.unmount("never");
    volumes.mount("tmp", "type", "tmpfs");

    volumes.unmount("tmp");
    volumes.unmount("tmp");

    volumes.assertNothingMounted();
  }

  @Test
  void unmountingNeverTouchesAnotherVolumesMount() throws Exception {
    Path other = volumes.path("other", "type", "tmpfs");

    volumes.unmount("tmp");

    assertEquals("tmpfs", volumes.line(other).type());
  }

  @Test
  void aFileWhereAVolumesFolderShouldBeSaysWhich() throws Exception {
    Path file = mounts.newFolder("volumes").resolve("pg");
    Files.writeString(file, "x");

    String failure = volumes.failure("pg", "type", "tmpfs");

    assertTrue(failure.contains(file.toString()), failure);
  }

  @Test
  void anErrorThatIsNoUsersIsToldAsItIs() throws Exception {
    Path file = mounts.newFolder("volumes").resolve("pg");
    Files.createSymbolicLink(file, file);

    DriverException e = assertThrows(DriverException.class, () -> volumes.unmount("pg"));

    assertTrue(String.valueOf(e.getMessage()).contains("ELOOP"), e.toString());
  }
}
