// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.cli.volume.VolumeCommandLine;
import io.dvdi.driver.plugin.PluginFolders;
import io.dvdi.driver.plugin.Rclone;
import io.dvdi.predecessor.Dvdimounts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The agent's first start after a predecessor, whose volumes a real plugin still has mounted. */
class TakeoverIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private EmbeddedAgent agent;
  private Rclone rclone;
  private Path sockets;

  @BeforeEach
  void create() throws Exception {
    sockets = Files.createDirectories(folder.resolve("plugins"));
    rclone = new Rclone(folder.resolve("rclone"), sockets.resolve("rclone.sock"));
    agent = new EmbeddedAgent(folder).parameter("plugin_sockets", sockets.toString());
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    rclone.close();
  }

  /** As the real dvdcli mounts: without a mount ID. */
  private String mountedByDvdcli(String volume) throws Exception {
    return mounted(volume, "--mountid=");
  }

  private String mounted(String volume, String... flags) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                "mount",
                "--volumedriver=rclone",
                "--volumename=" + volume,
                "--volumeopts=remote=:local:" + rclone.source(volume)));
    words.addAll(List.of(flags));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int status =
        new VolumeCommandLine(
                "dvdcli",
                new PluginFolders(sockets, List.of(), folder.resolve("none")),
                Duration.ofSeconds(1),
                new PrintStream(out, false, UTF_8),
                System.err)
            .run(words.toArray(String[]::new));
    assertEquals(0, status);
    return out.toString(UTF_8).strip();
  }

  @Test
  void whatMesosModuleDvdiLeftIsUnmountedOnce() throws Exception {
    Path file = folder.resolve("dvdimounts.pb");
    Files.write(
        file, new Dvdimounts().mount("ended", "rclone", "left", mountedByDvdcli("left")).file());
    String other = mountedByDvdcli("other");
    agent.parameter("import_dvdimounts", file.toString());

    Run run = agent.start(task("t", "true"));

    assertEquals(0, run.status(), run.logText());
    assertTrue(
        run.logText().contains("volume 'left' (driver rclone) is imported from " + file),
        run.logText());
    assertEquals(List.of(other), agent.mounts(), run.logText());
    assertEquals(List.of(), agent.records());

    // It is somebody else's from now on.
    String again = mountedByDvdcli("left");
    Run next = agent.start(task("t", "true"));
    assertEquals(0, next.status(), next.logText());
    assertTrue(agent.mounts().contains(again), next.logText());
  }

  @Test
  void whatDockerVolumeLeftIsUnmountedAndACorruptFileStopsNothing() throws Exception {
    mounted("left"); // by our dvdcli, in whose mounts docker/volume sees no difference
    Path containers = folder.resolve("docker-volume");
    Files.writeString(
        Files.createDirectories(containers.resolve("ended")).resolve("volumes"),
        "{\"volumes\":[{\"driver\":\"rclone\",\"name\":\"left\"}]}");
    Files.writeString(
        Files.createDirectories(containers.resolve("broken")).resolve("volumes"), "{");
    agent.parameter("import_docker_volume", containers.toString());

    Run run = agent.start(task("t", "true"));

    assertEquals(0, run.status(), run.logText());
    assertTrue(run.logText().contains("broken/volumes is not readable"), run.logText());
    assertFalse(run.logText().contains("not as it should have gone"), run.logText());
    agent.leavesNothing();
  }

  @Test
  void theEmbeddedAgentHasNoDockerVolumeWhateverTheShellSays() {
    agent.variable("MESOS_ISOLATION", "filesystem/linux,docker/volume");

    Run run = agent.start(task("t", "true"));

    assertEquals(0, run.status(), run.logText());
    assertTrue(run.logText().contains("volumes of ContainerInfo and"), run.logText());
  }
}
