// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.testing.RealMounts;
import io.dvdi.volume.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        "..", ".", ".a", "-a", "_a", "a/b", "../a", "a b", "a;b", "ä", "a:b", "a,b", "$(id)"
      })
  void otherNamesAreRefused(String name) throws Exception {
    String refusal = volumes.refusal(name, "type", "tmpfs");

    assertTrue(refusal.contains("volume '" + name + "' (driver local)"), refusal);
    assertTrue(refusal.contains("allows only letters, digits and . _ -"), refusal);
    assertInstanceOf(Failed.class, volumes.create(name, "type", "tmpfs"));
    assertInstanceOf(Failed.class, volumes.mountOnly(name, "type", "tmpfs"));
    assertEquals(Existence.ABSENT, volumes.ask(name, "type", "tmpfs").existence());
    volumes.unmount(name);
    assertFalse(Files.exists(volumes.folder));
  }

  /** B16. */
  @ParameterizedTest
  @CsvSource({"type,tmpfs", "size,1"})
  void nobodyButRootCanGoThroughAVolumesFolder(String option, String value) throws Exception {
    Path folder = volumes.folder.resolve("v");
    // As version 0.1.0 created it.
    Files.createDirectories(folder);
    RealMounts.run("chmod", "711", folder.toString());

    volumes.mount("v", option, value);

    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    volumes.unmount("v");
  }

  @Test
  void aVolumesFolderThatIsSomebodyElsesIsRefused() throws Exception {
    Path folder = Files.createDirectories(volumes.folder.resolve("v"));
    RealMounts.run("chown", "nobody", folder.toString());

    String failure = volumes.failure("v", "type", "tmpfs");

    assertTrue(failure.contains(folder + " (nobody "), failure);
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
    assertTrue(refusal.contains("default_options.local, such as to size=1"), refusal);
    assertTrue(strict.failure("pg").contains("would be a plain directory"));
    assertInstanceOf(Failed.class, strict.mountOnly("pg"));
    assertFalse(Files.exists(volumes.folder));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sizes=1             | the driver local has no option 'sizes'",
        "size=s3cret         | the option size is not a whole number of GiB from 1 to 16384",
        "size=1,type=tmpfs   | size, newfstype and overwritefs are for a file system in a file",
        "o=size=1m           | without the option type, o must have bind",
        "type=tmpfs,o=s3cret | the mount option number 1 in o is not allowed with the type tmpfs",
        "type=ext4,device=/s3cret | tasks may not use this folder, device or server; the"
            + " operator can allow it with the parameter local_devices (now: none)",
      })
  void defaultOptionsThatNoVolumeCanHaveAreRefused(String list, String reason) {
    Options options = Options.parse("o", list);
    List<String> namesAndValues = new ArrayList<>();
    options.values().forEach((name, value) -> namesAndValues.addAll(List.of(name, value)));

    String refusal = volumes.refusalOfDefaults(namesAndValues.toArray(String[]::new));

    assertTrue(refusal.startsWith("the parameter d: " + reason), refusal);
    assertFalse(refusal.contains("s3cret"), refusal);
  }

  @Test
  void defaultOptionsMakeAVolumeOfNone() throws Exception {
    Options tmpfs = volumes.withDefaults("pg", Options.NONE, "type", "tmpfs", "o", "size=64k");

    assertEquals(LocalVolumes.options("type", "tmpfs", "o", "size=64k").values(), tmpfs.values());
    assertEquals(Options.NONE, tmpfs.given());
    Options own = LocalVolumes.options("size", "1");
    assertEquals(own, volumes.withDefaults("pg", own, "type", "tmpfs"));
  }

  @Test
  void aPlainDirectoryKeepsItsData() throws Exception {
    Path path = volumes.folder.resolve("pg/_data");
    assertEquals(new Succeeded(path.toString(), false, true), volumes.mount("pg"), "as Docker's");
    Files.writeString(path.resolve("file"), "kept");
    volumes.unmount("pg");

    assertEquals("kept", Files.readString(volumes.path("pg").resolve("file")));
    assertEquals(
        List.of("INFO volume 'pg' (driver local) is the new directory " + path),
        volumes.log.lines());
    volumes.assertNothingMounted();
  }

  @Test
  void aPlainDirectoryIsMadeByCreateAlone() throws Exception {
    Path path = volumes.folder.resolve("pg/_data");
    assertEquals(told(Existence.ABSENT, path), volumes.ask("pg"));
    assertInstanceOf(Failed.class, volumes.mountOnly("pg"));
    assertFalse(Files.exists(path));

    assertEquals(new Succeeded(), volumes.create("pg"));

    assertEquals(told(Existence.EXISTS, path), volumes.ask("pg"));
    assertEquals(new Succeeded(), volumes.create("pg"), "it stays as it is");
    assertEquals(path, volumes.path("pg"));
  }

  @Test
  void theMountpointIsNamedBeforehandAndNoMountIdIsKept() throws Exception {
    Path mountpoint = volumes.mountpoint("pg");
    assertEquals(told(Existence.ABSENT, mountpoint), volumes.ask("pg", "size", "1"));
    assertEquals(told(Existence.EXISTS, mountpoint), volumes.ask("pg", "type", "tmpfs"));
    assertFalse(Files.exists(volumes.folder), "asking makes nothing");

    volumes.mount("pg", "type", "tmpfs");

    assertEquals(told(Existence.EXISTS, mountpoint), volumes.ask("pg", "type", "tmpfs"));
  }

  @Test
  void optionsThatNoVersionTakesAnyMoreLeaveTheAnswerOpen() {
    assertEquals(
        told(Existence.UNKNOWN, volumes.mountpoint("pg")), volumes.ask("pg", "old", "option"));
  }

  @ParameterizedTest
  @CsvSource({
    "type, tmpfs, true",
    "overwritefs, ' True ', true",
    "overwritefs, false, false",
    "size, 1, false",
    "type, nfs, false"
  })
  void aTmpfsAndAnOverwrittenFileSystemAreFresh(String option, String value, boolean fresh) {
    assertEquals(fresh, volumes.isFresh(option, value));
    assertFalse(volumes.isFresh());
  }

  private static Told told(Existence existence, Path path) {
    return new Told(
        existence, Optional.empty(), Optional.of(path.toString()), false, Optional.empty(), "");
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

    Failed failed = assertInstanceOf(Failed.class, volumes.tryUnmount("pg"));

    assertTrue(failed.words().contains("ELOOP"), failed.words());
  }
}
