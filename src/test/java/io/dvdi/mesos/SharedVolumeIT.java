// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.plugin.Rclone;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many tasks on one volume of rclone, which refuses to mount what it has mounted: with
 * docker/volume and dvdcli, each second one fails.
 */
@Tag("mesos")
class SharedVolumeIT {
  @RegisterExtension final MesosHost host = new MesosHost();

  private Path source;
  private MesosAgent agent;
  private Framework framework;

  @BeforeEach
  void start() throws Exception {
    Rclone rclone = host.startRclone();
    source = rclone.source("data");
    agent = host.newAgent().start();
    framework = host.framework();
  }

  private MesosTask onVolume(String name, String command) throws Exception {
    return new MesosTask(name, command).with(host.rcloneVolume("data", "data"));
  }

  @Test
  void twelveTasksOneAfterAnotherNoneFails() throws Exception {
    for (int i = 0; i < 12; i++) {
      framework.launch(agent.id(), onVolume("t" + i, "echo " + i + " > data/t" + i));
      framework.ended("t" + i, "TASK_FINISHED");
      assertEquals(i + "\n", Files.readString(source.resolve("t" + i)));
    }
  }

  @Test
  void eightTasksAtOnceNoneFails() throws Exception {
    MesosTask[] tasks = new MesosTask[8];
    for (int i = 0; i < tasks.length; i++) {
      tasks[i] = onVolume("t" + i, "touch data/t" + i + " && sleep 0.5 && test -e data/t" + i);
    }

    framework.launch(agent.id(), tasks);

    for (MesosTask task : tasks) {
      framework.ended(task.name(), "TASK_FINISHED");
      assertTrue(Files.exists(source.resolve(task.name())));
    }
    host.hasNothingLeftOfTasks();
    assertEquals(
        1, agent.run().log().lines().filter(l -> l.contains("(driver rclone) is mounted")).count());
  }

  @Test
  void theTasksOfAGroupShareAVolume() throws Exception {
    framework.launchGroup(
        agent.id(),
        "executor",
        onVolume("writer", "echo hello > data/file && sleep 1"),
        onVolume("reader", "while ! grep hello data/file; do sleep 0.05; done"));

    framework.ended("writer", "TASK_FINISHED");
    framework.ended("reader", "TASK_FINISHED");
  }

  @Test
  void aGroupWithATaskWhoseVolumeFailsEndsWithoutLeavingOneMounted() throws Exception {
    framework.launchGroup(
        agent.id(),
        "executor",
        onVolume("good", "sleep 1000"),
        new MesosTask("bad", "echo it ran")
            .with(TaskVolume.of("local", "v", "data").option("size", "none")));

    Status bad = framework.ended("bad", "TASK_FAILED");
    assertTrue(bad.message().contains("whole number of GiB"), bad::toString);
    framework.ended("good", "TASK_KILLED");
  }
}
