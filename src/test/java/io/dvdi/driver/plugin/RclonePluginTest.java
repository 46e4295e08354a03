// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.Deadline;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.NotSent;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
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
import java.util.Set;
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

  private Options options() throws IOException {
    return Options.of(Map.of("remote", ":local:" + rclone.source("data"), "allow_other", "true"));
  }

  private Told ask() {
    return driver.ask(DATA, Options.NONE, Deadline.after(Duration.ofSeconds(20)));
  }

  private void create() throws IOException {
    assertEquals(Existence.ABSENT, ask().existence());
    assertEquals(new Succeeded(), driver.create(DATA, options()));
  }

  private Path mount(String mountId) throws IOException {
    return Path.of(
        assertInstanceOf(Succeeded.class, driver.mount(DATA, options(), mountId)).path());
  }

  private CallEnd unmount(String mountId) {
    return driver.unmount(DATA, mountId, Optional.empty(), Options.NONE);
  }

  @Test
  void aVolumeIsCreatedMountedReadWrittenAndUnmounted() throws Exception {
    create();
    Path mountpoint = mount("id-1");

    assertTrue(isMountpoint(mountpoint));
    Files.writeString(mountpoint.resolve("file"), "kept");
    assertEquals(
        "0 kept", run("setpriv", "--reuid=65534", "--clear-groups", "cat", mountpoint + "/file"));
    assertEquals(new Succeeded(), unmount("id-1"));
    assertFalse(isMountpoint(mountpoint));
    assertEquals("kept", Files.readString(rclone.source("data").resolve("file")));

    assertEquals(Existence.EXISTS, ask().existence());
    Path again = mount("id-2");
    assertEquals("kept", Files.readString(again.resolve("file")));
    assertEquals(new Succeeded(), unmount("id-2"));
  }

  @Test
  void itShowsWhichMountIdsItHas() throws Exception {
    assertFalse(ask().keepsAccount(), "nothing was shown yet");
    create();

    Told created = ask();
    assertTrue(created.keepsAccount());
    assertEquals(Optional.of(Set.of()), created.account());
    Path mountpoint = mount("id-1");
    assertEquals(mountpoint, mount("id-2"));
    Told mounted = ask();
    assertEquals(Optional.of(Set.of("id-1", "id-2")), mounted.account());
    assertEquals(Optional.of(mountpoint.toString()), mounted.path());
    assertEquals(new Succeeded(), unmount("id-1"));
    assertEquals(Optional.of(Set.of("id-2")), ask().account());
    assertEquals(new Succeeded(), unmount("id-2"));
    assertEquals(Optional.of(Set.of()), ask().account());
  }

  /** It has removed the ID before it tries. */
  @Test
  void itShowsNobodyAfterAnUnmountThatFailedSinceTheVolumeIsBusy() throws Exception {
    create();
    Path mountpoint = mount("id-1");
    Process user = new ProcessBuilder("sleep", "1000").directory(mountpoint.toFile()).start();
    try {
      assertInstanceOf(Failed.class, unmount("id-1"));
      assertTrue(isMountpoint(mountpoint));
      assertEquals(Optional.of(Set.of()), ask().account());
    } finally {
      user.destroyForcibly().waitFor();
      MountCalls.unmount(mountpoint);
    }
  }

  @Test
  void anotherMountIdIsNotThisOnes() throws Exception {
    create();
    Path mountpoint = mount("id-1");

    Failed refused = assertInstanceOf(Failed.class, unmount("id-2"));

    assertTrue(refused.words().contains("answered Unmount with: "), refused.words());
    assertTrue(isMountpoint(mountpoint));
    assertEquals(new Succeeded(), unmount("id-1"));
  }

  @Test
  void optionsThatItDoesNotKnowAreRefusedInItsOwnWords() {
    Failed refused =
        assertInstanceOf(Failed.class, driver.create(DATA, Options.of(Map.of("size", "5"))));

    assertTrue(refused.words().contains("answered Create with: "), refused.words());
  }

  @Test
  void afterAKillTheDeadMountIsThereUntilSomebodyUnmountsIt() throws Exception {
    create();
    Path mountpoint = mount("id-1");
    rclone.kill();
    NotSent stale = assertInstanceOf(NotSent.class, unmount("id-1"));
    assertTrue(stale.words().contains("Connection refused"), stale.words());
    assertTrue(isMountpoint(mountpoint));
    assertThrows(IOException.class, () -> Files.readAttributes(mountpoint, "unix:mode"));

    // As the caller does, which knows by its identity that the mount is its own.
    MountCalls.unmount(mountpoint);
    rclone.restart();

    create();
    Path again = mount("id-2");
    Files.writeString(again.resolve("file"), "kept");
    assertEquals(new Succeeded(), unmount("id-2"));
    assertFalse(isMountpoint(again));
  }
}
