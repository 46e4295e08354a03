// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tasks get that give no options, since their framework sends none. */
class DefaultOptionsIT extends MeasuredPluginFixture {
  private static final String SIZE = "echo $(($(stat -f -c '%b*%S' data))); ls data";

  private Map<?, ?> created(String volume) {
    return new ObjectMapper()
        .convertValue(
            plugin.wire().requests.stream()
                .filter(request -> request.method().equals("Create"))
                .filter(request -> request.body().path("Name").asText().equals(volume))
                .findFirst()
                .orElseThrow()
                .body()
                .path("Opts"),
            Map.class);
  }

  @Test
  void aPluginIsToldThemUnlessTheTaskGivesOthersByWhicheverNameItIsCalled() throws Exception {
    Path sockets = mounts.folder().resolve("sockets");
    Path unused =
        Files.createSymbolicLink(sockets.resolve("alias.sock"), sockets.resolve("measured.sock"));
    agent.parameter("default_options.alias", "size=1,password=s3\\,cret");

    Run run =
        agent.start(
            on("plain", "a", "true"),
            on("large", "b", "true", "DVDI_VOLUME_OPTS", "size=5,iops=10"),
            on("plain", "c", "true").replace("measured", "alias"));

    assertEquals(0, run.status(), run.logText());
    assertEquals(Map.of("size", "1", "password", "s3,cret"), created("plain"));
    assertEquals(Map.of("size", "5", "iops", "10", "password", "s3,cret"), created("large"));
    assertFalse(run.logText().contains("cret"), run.logText());
    leavesNothing();
  }

  /** As ClusterD's compose framework sends it. */
  @Test
  void aVolumeOfLocalWithoutOptionsIsAFileSystemOfItsOwn() {
    String bare =
        """
        {"name":"t","task_id":{"value":"t"},"command":{"value":"stat -f -c %T data"},
         "container":{"type":"MESOS","volumes":[{"container_path":"data","mode":"RW",
           "source":{"type":"DOCKER_VOLUME","docker_volume":{"driver":"local","name":"web"}}}]}}
        """;
    Run refused = agent.start(bare);
    assertEquals(1, refused.status());
    assertTrue(
        refused.logText().contains("let the operator set the parameter default_options.local"),
        refused.logText());

    agent.parameter("default_options.local", "size=1");
    Run run = agent.start(bare);

    assertEquals(0, run.status(), run.logText());
    assertEquals("ext2/ext3\n", run.output());
    agent.leavesNothing();
  }

  /** The same framework sends the path of a folder of the host as the name. */
  @Test
  void aNameThatIsAPathNeedsTheOperatorsWord() throws Exception {
    Path shared = Files.createDirectories(folder.resolve("srv/web"));
    Files.writeString(shared.resolve("index"), "from the host");
    String task =
        """
        {"name":"t","task_id":{"value":"t"},"command":{"value":"cat data/index"},
         "container":{"type":"MESOS","volumes":[{"container_path":"data","mode":"RW",
           "source":{"type":"DOCKER_VOLUME","docker_volume":{"driver":"local","name":"%s"}}}]}}
        """
            .formatted(shared);
    agent.parameter("default_options.local", "size=1");
    Run refused = agent.start(task);
    assertEquals(1, refused.status());
    assertTrue(
        refused.logText().contains("the operator can allow it with the parameter local_devices"),
        refused.logText());

    agent.parameter("local_devices", folder.resolve("srv") + "/");
    Run run = agent.start(task);

    assertEquals(0, run.status(), run.logText());
    assertEquals("from the host", run.output());
    agent.leavesNothing();
  }

  private String local(String name, String command) {
    return task(
        name,
        command,
        "DVDI_VOLUME_NAME",
        "scratch",
        "DVDI_VOLUME_DRIVER",
        "local",
        "DVDI_VOLUME_CONTAINERPATH",
        "data");
  }

  @Test
  void anotherDefaultCountsFromTheNextMountOn() throws Exception {
    agent.parameter("default_options.local", "type=tmpfs,o=size=4m");
    Run killed = agent.start(local("first", "touch data/first; " + untilTold()));
    killed.awaitOutput("runs");
    killed.process().destroyForcibly();
    assertNotEquals(0, killed.status());

    agent.parameter("default_options.local", "type=tmpfs,o=size=8m");
    Run next = agent.start(local("second", SIZE));

    assertEquals(0, next.status(), next.logText());
    assertEquals("4194304\nfirst\n", next.output());
    tellToEnd();
    EmbeddedAgent.eventually(
        "the task has ended",
        () ->
            ProcessHandle.allProcesses()
                .noneMatch(
                    process -> process.info().commandLine().orElse("").contains(folder + "/end")));

    Run last = agent.start(local("third", SIZE));

    assertEquals(0, last.status(), last.logText());
    assertEquals("8388608\n", last.output());
    agent.leavesNothing();
  }

  @Test
  void anAgentWithDefaultOptionsThatNoVolumeCanHaveDoesNotStartAndDoesNotSayTheirValues() {
    agent.parameter("default_options.local", "sizes=s3cret");

    Run run = agent.start(local("t", "echo it ran"));

    assertEquals(1, run.status());
    assertEquals("", run.output());
    assertTrue(
        run.logText()
            .contains(
                "the parameter default_options.local: the driver local has no option 'sizes'"),
        run.logText());
    assertFalse(run.logText().contains("s3cret"), run.logText());
    agent.leavesNothing();
  }
}
