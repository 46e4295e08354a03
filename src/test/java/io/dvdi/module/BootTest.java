// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.bindings.contract.dvdi_boot;
import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.bindings.contract.dvdi_host;
import io.dvdi.linux.MountCalls;
import io.dvdi.linux.OwnFolder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The start as the C entrypoint makes it, with all parts real. */
class BootTest {
  @TempDir Path folder;
  private final RecordingHost host = new RecordingHost();

  @AfterEach
  void free() {
    host.close();
  }

  private Map<String, String> parameters(String... more) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("state_dir", folder.resolve("state").toString());
    parameters.put("local_dir", folder.resolve("local").toString());
    for (int i = 0; i < more.length; i += 2) {
      parameters.put(more[i], more[i + 1]);
    }
    return parameters;
  }

  private void close() {
    host.closeModule();
    assertFalse(host.answer().failed());
  }

  @Test
  void aVolumeComesAndGoesThroughTheContract() throws IOException {
    assertEquals("", host.boot(parameters()));
    assertEquals(dvdi_h.DVDI_ACCEPTED(), host.recover());
    assertFalse(host.answer().failed());
    Path sandbox = Files.createDirectory(folder.resolve("sandbox"));
    host.prepare(
        host.container(
            "c1",
            sandbox.toString(),
            Map.of(
                "DVDI_VOLUME_NAME", "scratch",
                "DVDI_VOLUME_DRIVER", "local",
                "DVDI_VOLUME_OPTS", "type=tmpfs,o=size=1m"),
            new RecordingHost.Volume(
                "local", "other", "data/here", Map.of("type", "tmpfs"), true)));
    RecordingHost.Answer answer = host.answer();
    assertEquals("", answer.failure());
    Path scratch = folder.resolve("local/scratch/mount");
    assertEquals(
        Map.of(
            "DVDI_VOLUME_MOUNTPOINT", scratch.toString(),
            "DVDI_VOLUME_MOUNTPOINT1", sandbox.resolve("data/here").toString()),
        answer.environment());
    String other = Pattern.quote(folder.resolve("local/other/mount").toString());
    String target = Pattern.quote(sandbox.resolve("data/here").toString());
    assertEquals(2, answer.binds().size());
    String in = Pattern.quote(scratch.toString());
    assertTrue(
        answer.binds().get(0).matches(in + " of 0:[0-9]+ / " + in + " -> " + in + " rw"),
        answer.binds().get(0));
    assertTrue(
        answer.binds().get(1).matches(other + " of 0:[0-9]+ / " + other + " -> " + target + " ro"),
        answer.binds().get(1));
    assertTrue(mountTable().contains(" " + scratch + " "));
    host.cleanup("c1");
    assertFalse(host.answer().failed());
    assertFalse(mountTable().contains(folder.toString()));
    close();
  }

  /** As after a kill -9 in the middle of it. */
  @Test
  void theRehearsalLeavesNothingAndRemovesWhatAnEarlierOneLeft() throws IOException {
    Path left = folder.resolve("state/rehearsal/local/rehearsal/mount");
    OwnFolder.create(left);
    MountCalls.mount("tmpfs", left, "tmpfs", 0, "size=64k");
    Files.createFile(left.resolve("file"));
    assertEquals("", host.boot(parameters()));
    host.recover();
    assertFalse(host.answer().failed());
    assertEquals(List.of(), rehearsalFailures());
    assertFalse(Files.exists(folder.resolve("state/rehearsal")));
    assertFalse(mountTable().contains(folder.toString()));
    close();
  }

  @Test
  void aRehearsalThatFailsIsToldAndStopsNobody() throws IOException {
    Path inTheWay = folder.resolve("state/rehearsal/local/rehearsal/mount");
    OwnFolder.create(inTheWay);
    MountCalls.mount("tmpfs", inTheWay, "tmpfs", 0, "size=64k");
    try (FileChannel used =
        FileChannel.open(
            inTheWay.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertEquals("", host.boot(parameters()));
      host.recover();
      assertFalse(host.answer().failed());
      assertEquals(1, rehearsalFailures().size());
      assertTrue(used.isOpen());
    } finally {
      MountCalls.unmount(inTheWay);
    }
    close();
  }

  private List<String> rehearsalFailures() {
    return host.log.stream().filter(line -> line.contains("rehearsal")).toList();
  }

  private static String mountTable() throws IOException {
    return Files.readString(Path.of("/proc/self/mountinfo"));
  }

  @Test
  void stateIsRootsAlone() throws IOException {
    assertEquals("", host.boot(parameters()));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("state/volumes"))));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("state"))));
    close();
  }

  /**
   * B16. Version 0.1.0 let everybody through its folders, to volumes of which they know the name.
   */
  @Test
  void foldersOfAnEarlierVersionAreClosed() throws IOException {
    Set<PosixFilePermission> former = PosixFilePermissions.fromString("rwx--x--x");
    Path volume = folder.resolve("local/v");
    for (String path : List.of("state", "local/v/mount", "local/w/_data", "local/other/data")) {
      Files.createDirectories(folder.resolve(path), PosixFilePermissions.asFileAttribute(former));
    }
    Files.setPosixFilePermissions(
        folder.resolve("local/w"), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals("", host.boot(parameters()));
    for (Path closed : List.of(folder.resolve("state"), folder.resolve("local"), volume)) {
      assertEquals("rwx------", mode(closed), closed.toString());
    }
    // The operator has changed this one, and the other is no volume's.
    assertEquals("rwxr-xr-x", mode(folder.resolve("local/w")));
    assertEquals("rwx--x--x", mode(folder.resolve("local/other")));
    close();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aFolderThatOthersMayWriteToIsRefused() throws IOException {
    Path state = Files.createDirectory(folder.resolve("state"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
    String error = host.boot(parameters());
    assertTrue(error.contains("state_dir") && error.contains("rwxrwxrwx"), error);
  }

  @Test
  void aFolderThatIsALinkIsRefused() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("state"), real);
    String error = host.boot(parameters());
    assertTrue(error.contains("state_dir"), error);
  }

  @Test
  void twoAgentsNeverShareAStateFolderAndItIsFreeAfterClose() {
    assertEquals("", host.boot(parameters()));
    try (RecordingHost second = new RecordingHost()) {
      String error = second.boot(parameters());
      assertTrue(
          error.contains("in use") && error.contains(Long.toString(ProcessHandle.current().pid())),
          error);
    }
    close();
    assertEquals("", host.boot(parameters()));
    close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "statedir        | /x          | 'statedir' in modules.json is unknown; known parameters"
            + " are",
        "--state_dir     | /x          | '--state_dir' in modules.json is unknown; known parameters"
            + " are",
        "state_dir       | relative    | state_dir is 'relative'; it has to be an absolute path",
        "state_dir       | /a/../b     | state_dir is '/a/../b'; it has to be an absolute path",
        "local_dir       | ''          | local_dir is ''; it has to be an absolute path",
        "local_devices   | /srv/,/     | local_devices is '/'; it has to be a comma list",
        "local_devices   | /srv/../etc | local_devices is '/srv/../etc'; it has to be a comma list",
        "container_paths | /tmp,/     | container_paths is '/'; it has to be an absolute path",
        "container_paths | /tmp,x     | container_paths is 'x'; it has to be an absolute path",
        "default_driver  | a b         | default_driver is 'a b'; it has to be the name of a volume"
            + " driver",
        "plain_directories | local,../x | plain_directories is '../x'; it has to be the name of a"
            + " volume driver",
        "suid_drivers    | a,local    | suid_drivers is 'local'; it has to be a comma list of"
            + " drivers other than local",
        "mount_timeout   | 2           | mount_timeout is '2'; it has to be a duration",
        "mount_timeout   | 0secs       | mount_timeout is '0secs'; it has to be a duration",
        "mount_timeout   | 2 mins      | mount_timeout is '2 mins'; it has to be a duration",
        "mount_timeout   | 999999999hrs | mount_timeout is '999999999hrs'; it has to be a duration",
        "volume_owner    | root        | volume_owner is 'root'; it has to be keep or task",
        "task_variables  | ''          | task_variables is ''; it has to be strict or lenient",
        "import_dvdimounts | relative  | import_dvdimounts is 'relative'; it has to be an absolute"
            + " path",
        "import_docker_volume | /a/../b | import_docker_volume is '/a/../b'; it has to be an"
            + " absolute path",
      })
  void aBadParameterIsNamedWithItsValueAndWhatIsPossible(
      String key, String value, String expected) {
    String error = host.boot(parameters(key, value));
    assertTrue(error.contains(expected), error);
    assertFalse(Files.exists(folder.resolve("state")));
  }

  @Test
  void aHostOfAnotherVersionIsRefused() {
    MemorySegment boot = host.bootStruct(parameters());
    dvdi_boot.version(boot, 99);
    assertEquals(1, Boot.boot(boot.address()));
    assertTrue(RecordingHost.error(boot).contains("version 99 of dvdi_boot"));
    dvdi_boot.version(boot, dvdi_h.DVDI_VERSION());
    dvdi_host.version(host.host, 98);
    assertEquals(1, Boot.boot(boot.address()));
    assertTrue(RecordingHost.error(boot).contains("version 98 of dvdi_host"));
  }

  @Test
  void anErrorIsCutAtTheHostsSize() {
    MemorySegment boot = host.bootStruct(parameters("mount_timeout", "x"));
    dvdi_boot.error_size(boot, 20);
    assertEquals(1, Boot.boot(boot.address()));
    assertEquals("the parameter mount", RecordingHost.error(boot));
  }
}
