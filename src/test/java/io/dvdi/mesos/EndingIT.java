// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ends that a task, its executor and its agent can come to. */
@Tag("mesos")
class EndingIT {
  @RegisterExtension final MesosHost host = new MesosHost();

  private MesosAgent agent;
  private Framework framework;

  @BeforeEach
  void start() throws Exception {
    host.startRclone();
    agent = host.newAgent().start();
    framework = host.framework();
  }

  /**
   * Starts tasks with a file system on a loop device each. The first one has a volume of a plugin
   * too; not all, since rclone 1.60 may wait for itself for ever when two are unmounted at once.
   */
  private void runForEver(String... names) throws Exception {
    for (String name : names) {
      String command = "touch image/here; while [ ! -e " + end(name) + " ]; do sleep 0.05; done";
      MesosTask task =
          new MesosTask(name, command)
              .with(TaskVolume.of("local", name + "_image", "image").option("size", "1"));
      if (name.equals(names[0])) {
        task.with(host.rcloneVolume(name + "_remote", "remote"));
      }
      framework.launch(agent.id(), task);
    }
    for (String name : names) {
      framework.running(name);
    }
  }

  private Path end(String task) {
    return host.folder().resolve("end-" + task);
  }

  private void tellToEnd(String name) throws Exception {
    Files.createFile(end(name));
  }

  private long executorOf(String task) throws Exception {
    for (JsonNode container : agent.containers()) {
      if (container.path("executor_id").asText().equals(task)) {
        return container.path("status").path("executor_pid").asLong();
      }
    }
    throw new AssertionError("no container of " + task);
  }

  private List<MountTable.Line> imageMounts(String task) throws Exception {
    return MountTable.under(agent.localMount(task + "_image"));
  }

  @Test
  void aTaskIsKilled() throws Exception {
    runForEver("t");

    framework.kill("t");

    framework.ended("t", "TASK_KILLED");
  }

  @Test
  void anExecutorIsKilledWithSignalNine() throws Exception {
    runForEver("t");

    RealMounts.run("kill", "-KILL", Long.toString(executorOf("t")));

    framework.ended("t", "TASK_FAILED");
  }

  @Test
  void theAgentIsKilledWhileTasksRun() throws Exception {
    runForEver("stays", "ends");

    agent.run().killNine();
    agent.start();

    assertEquals(2, agent.containers().size());
    tellToEnd("ends");
    framework.ended("ends", "TASK_FINISHED");
    agent.awaitContainers(1);
    assertEquals(List.of(), imageMounts("ends"));
    assertEquals(1, imageMounts("stays").size());
    framework.launch(
        agent.id(),
        new MesosTask("shares", "test -e data/here")
            .with(TaskVolume.of("local", "stays_image", "data")));
    framework.ended("shares", "TASK_FINISHED");
    agent.awaitContainers(1);
    assertEquals(1, imageMounts("stays").size());
    tellToEnd("stays");
    framework.ended("stays", "TASK_FINISHED");
  }

  @Test
  void aTaskEndsWhileTheAgentIsAway() throws Exception {
    runForEver("stays", "ends");

    agent.run().killNine();
    tellToEnd("ends");
    agent.start();

    // TASK_FAILED when its executor did not wait for the agent to take its last words.
    framework.ended("ends");
    agent.awaitContainers(1);
    assertEquals(List.of(), imageMounts("ends"));
    assertEquals(1, imageMounts("stays").size());
    framework.kill("stays");
    framework.ended("stays", "TASK_KILLED");
  }

  @Test
  void anExecutorIsKilledWhileTheAgentIsAway() throws Exception {
    runForEver("stays", "dies");
    long executor = executorOf("dies");

    agent.run().killNine();
    RealMounts.run("kill", "-KILL", Long.toString(executor));
    agent.start();

    framework.ended("dies", "TASK_FAILED");
    agent.awaitContainers(1);
    assertEquals(List.of(), imageMounts("dies"));
    assertEquals(1, imageMounts("stays").size());
    framework.kill("stays");
    framework.ended("stays", "TASK_KILLED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"driver\":\"local\"", "not JSON", "\0\0\0\0"})
  void aRecordThatCannotBeReadCostsNothingButItsOwnVolume(String content) throws Exception {
    runForEver("good", "bad");
    agent.run().killNine();
    String record = recordOf("bad_image");
    Files.writeString(agent.recordFolder().resolve(record), content);

    agent.start();

    assertTrue(agent.run().log().contains(record + " cannot be read"), () -> agent.run().tail());
    framework.kill("bad");
    framework.kill("good");
    framework.ended("bad", "TASK_KILLED");
    framework.ended("good", "TASK_KILLED");
    agent.awaitContainers(0);
    assertEquals(List.of(record), agent.records());
    assertEquals(List.of(), imageMounts("good"));
    leftToAPerson("bad");
    Files.delete(agent.recordFolder().resolve(record));
  }

  @Test
  void aMissingRecordCostsNothingButItsOwnVolume() throws Exception {
    runForEver("good", "bad");
    agent.run().killNine();
    Files.delete(agent.recordFolder().resolve(recordOf("bad_image")));

    agent.start();

    framework.kill("bad");
    framework.kill("good");
    framework.ended("bad", "TASK_KILLED");
    framework.ended("good", "TASK_KILLED");
    agent.awaitContainers(0);
    assertEquals(List.of(), imageMounts("good"));
    leftToAPerson("bad");
  }

  private String recordOf(String volume) throws Exception {
    return agent.records().stream().filter(r -> r.contains(volume)).findFirst().orElseThrow();
  }

  /** Nothing that the module does not know to be its own is unmounted. */
  private void leftToAPerson(String task) throws Exception {
    List<MountTable.Line> left = imageMounts(task);
    assertEquals(1, left.size(), left::toString);
    Path mountpoint = left.get(0).at();
    RealMounts.run("umount", mountpoint.toString());
  }
}
