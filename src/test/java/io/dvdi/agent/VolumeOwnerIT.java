// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.localTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks of users other than root, and the volumes that they write. */
class VolumeOwnerIT {
  private static final String OWN = "stat -c '%U:%G %a' data && echo hello > data/file";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  EmbeddedAgent agent;

  @BeforeEach
  void create() {
    agent = new EmbeddedAgent(folder);
  }

  @AfterEach
  void end() {
    agent.close();
  }

  private static String as(String user, String task) {
    return task.replace("\"command\":{", "\"command\":{\"user\":\"" + user + "\",");
  }

  @ParameterizedTest
  @ValueSource(strings = {"size=1", "size=1,newfstype=xfs", "type=tmpfs,o=size=4m\\,mode=755"})
  void aNewVolumeIsWrittenByTheTasksUserWhereTheOperatorWantsThat(String options) {
    String task = as("nobody", localTask("t", OWN, "v", options));
    Run refused = agent.start(task);
    assertEquals(2, refused.status(), refused.logText());
    assertEquals("root:root 755\n", refused.output());
    agent.parameter("volume_owner", "task");
    Run run = agent.start(task);
    assertEquals(0, run.status(), run.logText());
    assertEquals("nobody:nogroup 755\n", run.output());
    assertTrue(run.logText().contains("belongs to user nobody ("), run.logText());
    agent.leavesNothing();
  }

  @Test
  void whatTheFirstUserWroteStaysItsOwnWhenAnotherGetsTheVolume() {
    agent.parameter("volume_owner", "task");
    assertEquals(0, agent.start(as("nobody", localTask("a", OWN, "v", "size=1"))).status());
    Run other =
        agent.start(as("daemon", localTask("b", "stat -c '%U %a' data data/file", "v", "size=1")));
    assertEquals(0, other.status(), other.logText());
    assertEquals("daemon 755\nnobody 644\n", other.output());
    Run root = agent.start(localTask("c", "stat -c %U data", "v", "size=1"));
    assertEquals(0, root.status(), root.logText());
    assertEquals("daemon\n", root.output());
    agent.leavesNothing();
  }

  @Test
  void ofTwoUsersAtOnceTheFirstHasItAndKeepsIt() {
    agent.parameter("volume_owner", "task");
    String look = "sleep 1; stat -c %U data; sleep 1; stat -c %U data";
    Run run =
        agent.start(
            as("nobody", localTask("a", look, "v", "size=1")),
            as("daemon", localTask("b", look, "v", "size=1")));
    assertEquals(0, run.status(), run.logText());
    assertEquals(4, run.output().lines().count(), run.output());
    Set<String> owners = run.output().lines().collect(Collectors.toSet());
    assertTrue(
        owners.equals(Set.of("nobody")) || owners.equals(Set.of("daemon")), owners.toString());
    agent.leavesNothing();
  }
}
