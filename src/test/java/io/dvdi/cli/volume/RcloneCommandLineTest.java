// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.plugin.Rclone;
import io.dvdi.testing.MountTable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a real plugin: rclone, whose volumes are FUSE mounts, and which keeps mount IDs. */
class RcloneCommandLineTest extends CommandLineFixture {
  private Rclone rclone;

  @BeforeEach
  void start() throws Exception {
    rclone =
        new Rclone(
            Files.createDirectories(folder.resolve("rclone")), sockets.resolve("rclone.sock"));
  }

  @AfterEach
  void stop() throws Exception {
    run("unmount", "--volumedriver=rclone", "--volumename=data");
    rclone.close();
  }

  private int onData(String command, String... flags) {
    String[] words = new String[flags.length + 3];
    words[0] = command;
    words[1] = "--volumedriver=rclone";
    words[2] = "--volumename=data";
    System.arraycopy(flags, 0, words, 3, flags.length);
    return run(words);
  }

  @Test
  void aVolumesWholeLife() throws Exception {
    Files.writeString(rclone.source("data").resolve("file"), "hello");
    String options = "--volumeopts=remote=:local:" + rclone.source("data");

    assertEquals(0, run("list", "--volumedriver=rclone"), err);
    assertEquals("", out);
    assertEquals(0, onData("mount", options), err);
    Path mountpoint = Path.of(out.strip());
    assertEquals("hello", Files.readString(mountpoint.resolve("file")));
    assertEquals(1, onData("mount"), "it is mounted by this ID already");
    assertTrue(err.contains("VolumeDriver.Mount: volume is already mounted by this id"), err);
    assertEquals(0, onData("path"));
    assertEquals(mountpoint + "\n", out);
    assertEquals(1, onData("create", options));
    assertEquals(0, run("list", "--volumedriver=rclone"));
    assertEquals("data\n", out);
    assertEquals(0, onData("unmount"), err);
    assertTrue(MountTable.under(folder).isEmpty());
    assertEquals(1, onData("unmount"));
    assertTrue(err.contains("VolumeDriver.Unmount: volume is not mounted"), err);
    assertEquals(0, onData("remove"), err);
    assertEquals(1, onData("get"));
  }

  /** As the real dvdcli mounts: it sends no mount ID. */
  @Test
  void whatDvdcliHasMountedCanBeUnmounted() throws Exception {
    assertEquals(
        0,
        onData("mount", "--mountid=", "--volumeopts=remote=:local:" + rclone.source("data")),
        err);
    assertEquals(0, onData("unmount"), err);
    assertTrue(MountTable.under(folder).isEmpty());
  }
}
