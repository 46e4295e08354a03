// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dvdi.testing.Eventually;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The module's life in the agent, and what the agent shows of it. */
@Tag("mesos")
class AgentIT {
  @RegisterExtension final MesosHost host = new MesosHost();

  private static TaskVolume tmpfs(String name, String mebibytes) {
    return TaskVolume.of("local", name, "data")
        .option("type", "tmpfs")
        .option("o", "size=" + mebibytes + "m");
  }

  @Test
  void containersShowHowFullTheirVolumesAre() throws Exception {
    MesosAgent agent = host.newAgent().start();
    host.framework()
        .launch(
            agent.id(),
            new MesosTask("t", "head -c 1048576 /dev/zero > data/file; touch data/full; sleep 1000")
                .with(tmpfs("v", "4")));
    host.framework().running("t");
    Eventually.holds("written", () -> Files.exists(agent.localMount("v").resolve("full")));

    JsonNode statistics = agent.containers().path(0).path("statistics");

    JsonNode disks = statistics.path("disk_statistics");
    assertEquals(1, disks.size(), statistics::toString);
    assertEquals(4 * 1048576, disks.path(0).path("limit_bytes").asLong(), disks::toString);
    assertEquals(1048576, disks.path(0).path("used_bytes").asLong(), disks::toString);
    assertTrue(disks.toString().contains(agent.localMount("v").toString()), disks::toString);
    host.framework().kill("t");
    host.framework().ended("t", "TASK_KILLED");
  }

  @Test
  void theAgentsMetricsHaveTheModules() throws Exception {
    MesosAgent agent = host.newAgent().start();
    assertEquals(0, agent.metric("dvdi/volumes_mounted"));
    host.framework().launch(agent.id(), new MesosTask("t", "sleep 1000").with(tmpfs("v", "4")));
    host.framework().running("t");

    assertEquals(1, agent.metric("dvdi/volumes_mounted"));
    assertEquals(1, agent.metric("dvdi/mounts"));
    host.framework().kill("t");
    host.framework().ended("t", "TASK_KILLED");
    host.hasNothingLeftOfTasks();
    assertEquals(0, agent.metric("dvdi/volumes_mounted"));
    assertEquals(1, agent.metric("dvdi/unmounts"));
    assertEquals(0, agent.metric("dvdi/mount_failures"));
  }

  @ParameterizedTest
  @CsvSource({
    "mount_timeout, soon, duration",
    "no_such_key, x, is unknown",
    "state_dir, relative, absolute path",
    "java_home, /no/such/java, /no/such/java",
    "jvm_options, -Xmx1k, Too small",
  })
  void anAgentWithABadParameterDoesNotStartAndSaysWhatToChange(
      String key, String value, String expected) throws Exception {
    MesosAgent agent = host.newAgent().parameter(key, value);

    Daemon run = agent.launch();

    assertEquals(1, run.status(), run::tail);
    assertTrue(
        run.log().lines().anyMatch(line -> line.contains(key) && line.contains(expected)),
        run::tail);
    assertFalse(Files.exists(agent.recordFolder()), "state was made");
  }

  @Test
  void twoAgentsOnOneHostDoNotMeet() throws Exception {
    host.startRclone();
    List<MesosAgent> agents = List.of(host.newAgent().start(), host.newAgent().start());
    for (MesosAgent agent : agents) {
      String number = agents.indexOf(agent) + "";
      host.framework()
          .launch(
              agent.id(),
              new MesosTask("t" + number, "touch a/t b/t" + number + "; sleep 1000")
                  .with(tmpfs("v", "4").at("a"), host.rcloneVolume("v" + number, "b")));
      host.framework().running("t" + number);
    }

    agents.get(0).run().killNine();
    host.framework().kill("t1");
    host.framework().ended("t1", "TASK_KILLED");
    agents.get(1).awaitContainers(0);
    agents.get(0).start();

    assertEquals(2, agents.get(0).records().size());
    assertEquals(List.of(), agents.get(1).records());
    host.framework().kill("t0");
    host.framework().ended("t0", "TASK_KILLED");
  }

  @Test
  void twoAgentsWithOneStateFolderAreOneTooMany() throws Exception {
    MesosAgent first = host.newAgent().start();
    MesosAgent second =
        host.newAgent().parameter("state_dir", first.folder().resolve("state").toString());

    Daemon run = second.launch();

    assertEquals(1, run.status(), run::tail);
    assertTrue(
        run.log().contains("is in use by another agent, process " + first.run().pid()), run::tail);
    assertTrue(first.isAlive());
  }
}
