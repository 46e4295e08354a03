// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.eventually;
import static io.dvdi.agent.RcloneVolumes.untilTold;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plugin's process ends, is away, and comes back. Its FUSE mounts die with it ("Transport
 * endpoint is not connected"), and it does not know them any more afterwards.
 */
class KilledPluginIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private RcloneVolumes volumes;
  private EmbeddedAgent agent;

  @BeforeEach
  void create() throws Exception {
    volumes = new RcloneVolumes(folder);
    agent = volumes.agent(folder);
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    volumes.close();
  }

  private Run running() throws Exception {
    Run run = agent.start(volumes.task("t", untilTold("t", folder)));
    run.awaitOutput("t runs");
    return run;
  }

  private void tellToEnd() throws IOException {
    Files.createFile(folder.resolve("end-t"));
  }

  private void theNextTaskHasItsVolume() throws Exception {
    Run next = agent.start(volumes.task("next", "echo fine > data/file && cat data/file"));
    assertEquals(0, next.status(), next.logText());
    assertEquals("fine\n", next.output());
    assertEquals("fine\n", Files.readString(volumes.source("data").resolve("file")));
    agent.leavesNothing();
  }

  @Test
  void killedUnderItsTaskItsDeadMountIsSeenAndCleanedAtTheTasksEnd() throws Exception {
    Run run = running();
    volumes.rclone().kill();
    tellToEnd();
    // rclone may mount again by itself when it is back: only then is it settled.
    assertEquals(1, run.status(), run.logText());
    assertEquals(List.of(), agent.mounts());
    assertEquals(1, agent.records().size());
    assertTrue(run.logText().contains("the module has unmounted it"), run.logText());
    volumes.rclone().restart();
    theNextTaskHasItsVolume();
  }

  @Test
  void killedAndRestartedUnderItsTaskItsDeadMountIsCleanedWithoutItsHelp() throws Exception {
    Run run = running();
    volumes.rclone().kill();
    volumes.rclone().restart();
    tellToEnd();
    assertEquals(0, run.status(), run.logText());
    // The new process knows neither the volume nor its mount.
    assertTrue(run.logText().contains("the module has unmounted it"), run.logText());
    theNextTaskHasItsVolume();
  }

  @Test
  void whileATaskHoldsADeadVolumeNoOtherIsGivenItAndBothAreTold() throws Exception {
    Run run =
        agent.start(
            volumes.task("t", untilTold("t", folder)),
            volumes.task("writes", untilTold("writes", folder) + "; echo x > data/file"));
    run.awaitOutput("t runs");
    run.awaitOutput("writes runs");
    volumes.rclone().kill();
    volumes.rclone().restart();
    Files.createFile(folder.resolve("end-writes"));
    run.awaitLog("is not connected");
    run.process().destroyForcibly();
    run.status();

    Run other = agent.start(volumes.task("other", "echo it ran"));

    assertEquals(1, other.status(), other.logText());
    assertEquals("", other.output());
    assertTrue(
        other.logText().contains("answers with errors only, while containers"), other.logText());
    assertTrue(
        other.logText().contains("is not usable at")
            && other.logText().contains("end them first, and see why its file system went away"),
        other.logText());

    tellToEnd();
    eventually("the tasks have ended", () -> !RcloneVolumes.runs("t", folder));
    Run last = agent.start();
    assertEquals(0, last.status(), last.logText());
    theNextTaskHasItsVolume();
  }

  @Test
  void killedTogetherWithItsAgentItsDeadMountIsCleanedByTheNextAgent() throws Exception {
    Run run = running();
    run.process().destroyForcibly();
    run.status();
    volumes.rclone().kill();
    tellToEnd();
    eventually("the task has ended", () -> !RcloneVolumes.runs("t", folder));
    Run next = agent.start();
    assertEquals(1, next.status(), next.logText());
    assertTrue(next.logText().contains("the module has unmounted it"), next.logText());
    assertEquals(List.of(), agent.mounts());
    volumes.rclone().restart();
    theNextTaskHasItsVolume();
  }

  @Test
  void aStaleSocketFailsTheTaskWithItsPathAfterAWhile() throws Exception {
    volumes.rclone().kill();
    Run run = agent.start(volumes.task("t", "echo it ran"));
    assertEquals(1, run.status());
    assertEquals("", run.output());
    assertTrue(
        run.logText().contains(volumes.socket() + " cannot be reached: connect: ECONNREFUSED"),
        run.logText());
    agent.leavesNothing();
    volumes.rclone().restart();
    theNextTaskHasItsVolume();
  }

  @Test
  void aPluginThatIsNotThereIsNamedWithAllPlacesThatWereLookedAt() throws Exception {
    volumes.rclone().killAndRemoveSocket();
    Run run = agent.start(volumes.task("t", "echo it ran"));
    assertEquals(1, run.status());
    assertTrue(
        run.logText().contains(volumes.socket().toString())
            && run.logText().contains("/etc/docker/plugins")
            && run.logText().contains("/usr/bin/dvdcli"),
        run.logText());
    agent.leavesNothing();
  }

  @Test
  void aSocketThatAppearsMeanwhileIsWaitedFor() throws Exception {
    volumes.rclone().killAndRemoveSocket();
    agent.parameter("mount_timeout", "30mins");
    Run run = agent.start(volumes.task("t", "echo late > data/file && cat data/file"));
    run.awaitLog("Started the JVM");
    volumes.rclone().restart();
    assertEquals(0, run.status(), run.logText());
    assertEquals("late\n", run.output());
    agent.leavesNothing();
  }

  @Test
  void aStaleSocketThatIsReplacedMeanwhileIsWaitedFor() throws Exception {
    volumes.rclone().kill();
    agent.parameter("mount_timeout", "30mins");
    Run run = agent.start(volumes.task("t", "echo late > data/file && cat data/file"));
    run.awaitLog("Started the JVM");
    volumes.rclone().restart();
    assertEquals(0, run.status(), run.logText());
    assertEquals("late\n", run.output());
    agent.leavesNothing();
  }
}
