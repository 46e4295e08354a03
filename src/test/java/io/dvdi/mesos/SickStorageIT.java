// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.plugin.StandInPlugin;
import io.dvdi.testing.RealMounts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Storage that goes away under a task, or never answers. */
@Tag("mesos")
class SickStorageIT {
  @RegisterExtension final MesosHost host = new MesosHost();

  private static MesosTask onTmpfs(String name, String command) {
    return new MesosTask(name, command)
        .with(TaskVolume.of("local", "v-" + name, "data").option("type", "tmpfs"));
  }

  private void tearAway(MesosAgent agent, String volume) throws Exception {
    RealMounts.run("umount", "--lazy", agent.localMount(volume).toString());
  }

  @Test
  void aTaskWhoseVolumeIsTornAwayIsEndedWithTheReasonWhereTheOperatorWantsThat() throws Exception {
    MesosAgent agent = host.newAgent().parameter("lost_volumes", "kill").start();
    Framework framework = host.framework();
    framework.launch(agent.id(), onTmpfs("t", "sleep 1000"), onTmpfs("other", "sleep 1000"));
    framework.running("t");
    framework.running("other");

    tearAway(agent, "v-t");

    Status status = framework.ended("t", "TASK_FAILED");
    assertTrue(status.message().contains("'v-t' (driver local)"), status::toString);
    assertEquals("REASON_CONTAINER_LIMITATION", status.reason());
    assertEquals("TASK_RUNNING", framework.running("other").state());
    framework.kill("other");
    framework.ended("other", "TASK_KILLED");
  }

  @Test
  void aTaskWhoseVolumeIsTornAwayGoesOnByDefaultAndTheLogSaysSo() throws Exception {
    MesosAgent agent = host.newAgent().start();
    Framework framework = host.framework();
    framework.launch(agent.id(), onTmpfs("t", "sleep 3"));
    framework.running("t");

    tearAway(agent, "v-t");

    framework.ended("t", "TASK_FINISHED");
    agent.run().awaitLog("'v-t' (driver local)");
  }

  @Test
  void aPluginIsKilledUnderItsTask() throws Exception {
    var rclone = host.startRclone();
    MesosAgent agent = host.newAgent().parameter("lost_volumes", "kill").start();
    Framework framework = host.framework();
    framework.launch(
        agent.id(), new MesosTask("t", "sleep 1000").with(host.rcloneVolume("data", "data")));
    framework.running("t");

    rclone.kill();

    Status status = framework.ended("t", "TASK_FAILED");
    assertTrue(status.message().contains("'data' (driver rclone)"), status::toString);
    // The dead mount goes at once, the record when the plugin is back and has been told.
    agent.run().awaitLog("the module has unmounted it");
    assertEquals(1, agent.records().size());
    rclone.restart();
    host.hasNothingLeftOfTasks();
  }

  @Test
  void aDriverThatNeverAnswersFailsItsTaskInTimeAndHoldsUpNoOther() throws Exception {
    try (StandInPlugin plugin = new StandInPlugin(host.pluginSockets().resolve("stuck.sock"))) {
      plugin.on("Mount", plugin.hang());
      MesosAgent agent = host.newAgent().parameter("mount_timeout", "15secs").start();
      Framework framework = host.framework();
      framework.launch(
          agent.id(),
          new MesosTask("stuck", "echo it ran").with(TaskVolume.of("stuck", "v", "data")));
      agent.run().awaitLog("to PREPARING");

      framework.launch(agent.id(), onTmpfs("other", "touch data/file"));
      framework.ended("other", "TASK_FINISHED");
      assertEquals(java.util.List.of(), framework.statuses("stuck"));

      Status status = framework.ended("stuck", "TASK_FAILED");
      assertTrue(
          status.message().contains("'v' (driver stuck)")
              && status.message().contains("mount_timeout"),
          status::toString);
      agent.awaitContainers(0);
      framework.launch(agent.id(), onTmpfs("after", "touch data/file"));
      framework.ended("after", "TASK_FINISHED");
    }
    // The record goes once the plugin is back, and the Mount can no longer arrive.
    StandInPlugin restarted = new StandInPlugin(host.pluginSockets().resolve("stuck.sock"));
    try (restarted) {
      host.hasNothingLeftOfTasks();
    }
  }
}
