// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.eventually;
import static io.dvdi.agent.EmbeddedAgent.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.driver.plugin.Rclone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Tasks whose volumes a real plugin serves: rclone, whose volumes are FUSE mounts. */
class PluginIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private EmbeddedAgent agent;
  private Rclone rclone;

  @BeforeEach
  void create() throws Exception {
    Path sockets = Files.createDirectories(folder.resolve("plugins"));
    rclone = new Rclone(folder.resolve("rclone"), sockets.resolve("rclone.sock"));
    agent =
        new EmbeddedAgent(folder)
            .parameter("plugin_sockets", sockets.toString())
            .parameter("plugin_timeout", "1secs");
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    rclone.close();
  }

  private String onRclone(String name, String command) throws Exception {
    return task(
        name,
        command,
        "DVDI_VOLUME_NAME",
        "data",
        "DVDI_VOLUME_DRIVER",
        "rclone",
        "DVDI_VOLUME_OPTS",
        "remote=:local:" + rclone.source("data"),
        "DVDI_VOLUME_CONTAINERPATH",
        "data");
  }

  @Test
  void twelveTasksOneAfterAnotherAndEightAtOnceShareOneVolumeAndNoneFails() throws Exception {
    for (int i = 0; i < 12; i++) {
      Run run =
          agent.start(
              onRclone("t" + i, "echo " + i + " > data/t" + i + " && mount | grep -c rclone"));
      assertEquals(0, run.status(), run.logText());
      agent.leavesNothing();
      assertEquals(i + "\n", Files.readString(rclone.source("data").resolve("t" + i)));
    }
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(onRclone("p" + i, "touch data/p" + i + " && sleep 0.3 && test -e data/p" + i));
    }
    Run run = agent.start(tasks.toArray(String[]::new));
    assertEquals(0, run.status(), run.logText());
    agent.leavesNothing();
    assertTrue(Files.exists(rclone.source("data").resolve("p7")));
  }

  @Test
  void aPluginThatIsKilledUnderItsTaskLeavesNothingMounted() throws Exception {
    Run run =
        agent.start(
            onRclone("t", "echo runs; while [ ! -e " + folder + "/end ]; do sleep 0.05; done"));
    run.awaitOutput("runs");
    rclone.kill();
    Files.createFile(folder.resolve("end"));
    assertEquals(0, run.status(), run.logText());
    assertTrue(run.logText().contains("it is dead"), run.logText());
    agent.leavesNothing();
    rclone.restart();
    Run next = agent.start(onRclone("u", "echo fine > data/file"));
    assertEquals(0, next.status(), next.logText());
    agent.leavesNothing();
  }

  @Test
  void anAgentThatIsKilledLeavesAVolumeThatTheNextOneUnmounts() throws Exception {
    Run run =
        agent.start(
            onRclone("t", "echo runs; while [ ! -e " + folder + "/end ]; do sleep 0.05; done"));
    run.awaitOutput("runs");
    run.process().destroyForcibly();
    run.status();
    assertEquals(1, agent.records().size());
    Files.createFile(folder.resolve("end"));
    eventually(
        "the task has ended",
        () ->
            ProcessHandle.allProcesses()
                .noneMatch(p -> p.info().commandLine().orElse("").contains(folder + "/end")));
    Run next = agent.start();
    assertEquals(0, next.status(), next.logText());
    agent.leavesNothing();
  }

  @Test
  void aPluginThatIsNotThereIsNamedWithAllPlacesThatWereLookedAt() throws Exception {
    rclone.kill();
    Files.deleteIfExists(folder.resolve("plugins/rclone.sock"));
    Run run = agent.start(onRclone("t", "echo it ran"));
    assertEquals(1, run.status());
    assertTrue(
        run.logText().contains(folder.resolve("plugins/rclone.sock").toString())
            && run.logText().contains("/etc/docker/plugins")
            && run.logText().contains("/usr/bin/dvdcli"),
        run.logText());
    agent.leavesNothing();
    rclone.restart();
  }
}
