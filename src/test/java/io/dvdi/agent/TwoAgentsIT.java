// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.localTask;
import static io.dvdi.agent.RcloneVolumes.untilTold;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two agents on one host, each with a state folder of its own, and one plugin between them. */
class TwoAgentsIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private RcloneVolumes volumes;
  private EmbeddedAgent one;
  private EmbeddedAgent two;

  @BeforeEach
  void create() throws Exception {
    volumes = new RcloneVolumes(folder);
    one = volumes.agent(Files.createDirectory(folder.resolve("one")));
    two = volumes.agent(Files.createDirectory(folder.resolve("two")));
  }

  @AfterEach
  void end() throws Exception {
    one.close();
    two.close();
    beside().close();
    volumes.close();
  }

  /** What rclone mounts lies beside the agents' own folders. */
  private EmbeddedAgent beside() {
    return new EmbeddedAgent(folder);
  }

  private void tellToEnd(String task) throws Exception {
    Files.createFile(folder.resolve("end-" + task));
  }

  private void leavesNothing() {
    one.leavesNothing();
    two.leavesNothing();
    assertEquals(List.of(), beside().mounts());
  }

  @Test
  void eachMountsAndUnmountsItsOwnVolume() throws Exception {
    Run first = one.start(volumes.task("a", untilTold("a", folder), "red", ""));
    Run second = two.start(volumes.task("b", untilTold("b", folder), "blue", ""));
    first.awaitOutput("a runs");
    second.awaitOutput("b runs");
    assertEquals(2, beside().mounts().size());

    // One is killed; its next run cleans up what was its own, and nothing else.
    first.process().destroyForcibly();
    first.status();
    tellToEnd("a");
    EmbeddedAgent.eventually("the task has ended", () -> !RcloneVolumes.runs("a", folder));
    Run next = one.start();
    assertEquals(0, next.status(), next.logText());
    one.leavesNothing();
    assertEquals(List.of(folder.resolve("rclone/volumes/blue").toString()), beside().mounts());

    tellToEnd("b");
    assertEquals(0, second.status(), second.logText());
    leavesNothing();
  }

  @Test
  void theStateFolderOfAnotherAgentIsRefused() throws Exception {
    Run first = one.start(volumes.task("a", untilTold("a", folder)));
    first.awaitOutput("a runs");
    two.parameter("state_dir", folder.resolve("one/state").toString());
    Run second = two.start(volumes.task("b", "echo it ran"));
    assertEquals(1, second.status(), second.logText());
    assertTrue(second.logText().contains("is in use by another agent"), second.logText());
    tellToEnd("a");
    assertEquals(0, first.status(), first.logText());
    leavesNothing();
  }

  @Test
  void theLocalFolderOfAnotherAgentIsRefusedWhenItIsNeeded() throws Exception {
    two.parameter("local_dir", folder.resolve("one/local").toString());
    Run first = one.start(localTask("a", untilTold("a", folder), "v", "size=1"));
    first.awaitOutput("a runs");

    Run second =
        two.start(
            localTask("b", "echo b runs", "w", "type=tmpfs"), volumes.task("c", "echo c runs"));

    assertEquals(1, second.status(), second.logText());
    assertEquals("c runs\n", second.output());
    String reason =
        "(parameter local_dir) is in use by another agent, process " + first.process().pid();
    assertTrue(second.logText().contains(reason), second.logText());
    tellToEnd("a");
    assertEquals(0, first.status(), first.logText());
    Run next = two.start(localTask("b", "echo b runs", "w", "type=tmpfs"));
    assertEquals(0, next.status(), next.logText());
    leavesNothing();
  }

  @Test
  void aVolumeThatBothUseStaysMountedForTheOneThatIsLeft() throws Exception {
    Run first = one.start(volumes.task("a", untilTold("a", folder) + "; echo a > data/a"));
    first.awaitOutput("a runs");
    Run second = two.start(volumes.task("b", untilTold("b", folder) + "; echo b > data/b"));
    second.awaitOutput("b runs");

    tellToEnd("a");
    int unused = first.status();
    assertTrue(first.logText().contains("Task a ended with status 0"), first.logText());
    assertEquals(1, beside().mounts().size());
    tellToEnd("b");
    assertEquals(0, second.status(), second.logText());
    two.leavesNothing();
    assertEquals("b\n", Files.readString(volumes.source("data").resolve("b")));
    // The first has it on record until it has seen that it is not mounted any more.
    Run next = one.start();
    assertEquals(0, next.status(), next.logText());
    leavesNothing();
  }
}
