// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.linux.MountCalls;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real plugin and real mounts. */
class RclonePluginTest {
  private static final VolumeId DATA = new VolumeId("rclone", "data");

  @RegisterExtension final RealMounts mounts = new RealMounts();
  private PluginDriver driver;
  private Rclone rclone;

  @BeforeEach
  void start() throws Exception {
    // So that other users reach what is mounted.
    Files.setPosixFilePermissions(mounts.folder(), PosixFilePermissions.fromString("rwx--x--x"));
    Path sockets = Files.createDirectories(mounts.folder().resolve("run"));
    rclone = new Rclone(mounts.folder().resolve("rclone"), sockets.resolve("rclone.sock"));
    PluginFolders folders =
        new PluginFolders(sockets, List.of(), mounts.folder().resolve("managed"));
    driver =
        new PluginDriver(new PluginDiscovery(folders), Duration.ofMillis(500), (level, text) -> {});
  }

  @AfterEach
  void stop() throws Exception {
    rclone.close();
  }

  private static boolean isMountpoint(Path path) throws IOException {
    return MountTable.at(path).isPresent();
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() + " " + said;
  }

  private Path mount(String mountId, boolean mustExist) throws IOException, DriverException {
    return driver
        .mount(
            new VolumeDriver.Mount(
                DATA,
                Options.of(
                    Map.of("remote", ":local:" + rclone.source("data"), "allow_other", "true")),
                mustExist,
                mountId,
                Deadline.after(Duration.ofSeconds(20))))
        .path();
  }

  private void unmount(String mountId, Path mountpoint) throws DriverException {
    driver.unmount(
        new VolumeDriver.Unmount(
            DATA,
            mountId,
            Optional.of(mountpoint),
            Deadline.after(Duration.ofSeconds(20)),
            Options.NONE));
  }

  @Test
  void aVolumeIsCreatedMountedReadWrittenAndUnmounted() throws Exception {
    Path mountpoint = mount("id-1", false);

    assertTrue(isMountpoint(mountpoint));
    Files.writeString(mountpoint.resolve("file"), "kept");
    assertEquals(
        "0 kept", run("setpriv", "--reuid=65534", "--clear-groups", "cat", mountpoint + "/file"));
    unmount("id-1", mountpoint);
    assertFalse(isMountpoint(mountpoint));
    assertEquals("kept", Files.readString(rclone.source("data").resolve("file")));

    Path again = mount("id-2", true);
    assertEquals("kept", Files.readString(again.resolve("file")));
    unmount("id-2", again);
  }

  @Test
  void aVolumeThatMustExistIsNotCreated() {
    DriverException e = assertThrows(DriverException.class, () -> mount("id-1", true));

    assertTrue(e.toString().contains("it does not exist"), e.toString());
  }

  @Test
  void anotherMountIdIsNotThisOnes() throws Exception {
    Path mountpoint = mount("id-1", false);

    DriverException e = assertThrows(DriverException.class, () -> unmount("id-2", mountpoint));

    assertTrue(e.toString().contains("answered Unmount with: "), e.toString());
    assertTrue(isMountpoint(mountpoint));
    unmount("id-1", mountpoint);
  }

  @Test
  void optionsThatItDoesNotKnowAreRefusedInItsOwnWords() {
    DriverException e =
        assertThrows(
            DriverException.class,
            () ->
                driver.mount(
                    new VolumeDriver.Mount(
                        DATA,
                        Options.of(Map.of("size", "5")),
                        false,
                        "id-1",
                        Deadline.after(Duration.ofSeconds(20)))));

    assertTrue(e.toString().contains("answered Create with: "), e.toString());
  }

  @Test
  void afterAKillTheDeadMountIsThereUntilSomebodyUnmountsIt() throws Exception {
    Path mountpoint = mount("id-1", false);
    rclone.kill();
    DriverException stale = assertThrows(DriverException.class, () -> unmount("id-1", mountpoint));
    assertTrue(stale.toString().contains("Connection refused"), stale.toString());
    assertTrue(isMountpoint(mountpoint));
    assertThrows(IOException.class, () -> Files.readAttributes(mountpoint, "unix:mode"));

    // As the caller does, which knows by its identity that the mount is its own.
    MountCalls.unmount(mountpoint);
    rclone.restart();

    Path again = mount("id-2", false);
    Files.writeString(again.resolve("file"), "kept");
    unmount("id-2", again);
    assertFalse(isMountpoint(again));
  }
}
