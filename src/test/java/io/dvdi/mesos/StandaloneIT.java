// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers without a framework and without an executor, which agents have since Mesos 1.5. */
@Tag("mesos")
class StandaloneIT {
  private static final ObjectNode OUTER = StandaloneContainers.id("outer");
  private static final ObjectNode INNER = StandaloneContainers.id("inner", "outer");

  @RegisterExtension final MesosHost host = new MesosHost();

  private static MesosTask withVolume(String command) {
    return new MesosTask("t", command)
        .with(TaskVolume.of("local", "v", "data").option("type", "tmpfs"));
  }

  @Test
  void aContainerHasItsVolume() throws Exception {
    MesosAgent agent = host.newAgent().start();
    StandaloneContainers containers = new StandaloneContainers(agent);

    containers.launch(OUTER, withVolume("grep -q \" $PWD/data .*- tmpfs\" /proc/self/mountinfo"));

    assertEquals(0, containers.exitStatus(OUTER));
    host.hasNothingLeftOfTasks();
    assertTrue(agent.run().log().contains("is unmounted from " + agent.localMount("v")));
  }

  @Test
  void aContainerInsideOfAnotherSharesItsVolume() throws Exception {
    MesosAgent agent = host.newAgent().start();
    StandaloneContainers containers = new StandaloneContainers(agent);
    containers.launch(OUTER, withVolume("echo hello > data/file; sleep 1000"));
    Eventually.holds("written", () -> Files.exists(agent.localMount("v").resolve("file")));

    containers.launch(INNER, withVolume("grep hello data/file"));

    assertEquals(0, containers.exitStatus(INNER));
    assertTrue(Files.exists(agent.localMount("v").resolve("file")));
    containers.kill(OUTER);
    int unused = containers.exitStatus(OUTER);
    host.hasNothingLeftOfTasks();
  }

  @Test
  void aContainerKeepsItsVolumeThroughItsAgentsRestart() throws Exception {
    MesosAgent agent = host.newAgent().start();
    StandaloneContainers containers = new StandaloneContainers(agent);
    containers.launch(OUTER, withVolume("echo hello > data/file; sleep 1000"));
    Eventually.holds("written", () -> Files.exists(agent.localMount("v").resolve("file")));
    agent.run().killNine();

    agent.start();

    assertEquals("hello\n", Files.readString(agent.localMount("v").resolve("file")));
    containers.kill(OUTER);
    int unused = containers.exitStatus(OUTER);
    host.hasNothingLeftOfTasks();
  }

  @Test
  void aContainerWhoseVolumeFailsIsNotStarted() throws Exception {
    MesosAgent agent = host.newAgent().start();
    MesosTask task =
        new MesosTask("t", "true").with(TaskVolume.of("local", "v", "data").option("size", "none"));

    IOException e =
        assertThrows(IOException.class, () -> new StandaloneContainers(agent).launch(OUTER, task));

    assertTrue(String.valueOf(e.getMessage()).contains("whole number of GiB"), e::toString);
    host.hasNothingLeftOfTasks();
  }
}
