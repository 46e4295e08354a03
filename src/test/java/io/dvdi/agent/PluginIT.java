// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.eventually;
import static io.dvdi.agent.RcloneVolumes.untilTold;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
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

  private Path file(String name) throws Exception {
    return volumes.source("data").resolve(name);
  }

  private static long count(Run run, String text) {
    return run.logText().lines().filter(line -> line.contains(text)).count();
  }

  @Test
  void twoTasksShareAVolumeThatIsCreatedAndMountedForTheFirstAndUnmountedAfterTheLast()
      throws Exception {
    Run run =
        agent.start(
            volumes.task("a", untilTold("a", folder)),
            volumes.task("b", untilTold("b", folder) + "; echo late > data/b"));
    run.awaitOutput("a runs");
    run.awaitOutput("b runs");
    assertEquals(1, agent.mounts().size());
    Files.createFile(folder.resolve("end-a"));
    run.awaitLog("is still held by");
    assertEquals(1, agent.mounts().size());
    Files.createFile(folder.resolve("end-b"));

    assertEquals(0, run.status(), run.logText());
    assertEquals(1, count(run, "did not exist; its plugin at"));
    assertEquals(1, count(run, "(driver rclone) is mounted at"));
    assertEquals(1, count(run, "(driver rclone) is unmounted from"));
    assertEquals("late\n", Files.readString(file("b")));
    agent.leavesNothing();

    Run next = agent.start(volumes.task("c", "cat data/b"));
    assertEquals(0, next.status(), next.logText());
    assertEquals("late\n", next.output());
    assertEquals(0, count(next, "did not exist"));
    agent.leavesNothing();
  }

  @Test
  void twelveTasksOneAfterAnotherAndEightAtOnceShareOneVolumeAndNoneFails() throws Exception {
    for (int i = 0; i < 12; i++) {
      Run run =
          agent.start(
              volumes.task("t" + i, "echo " + i + " > data/t" + i + " && mount | grep -c rclone"));
      assertEquals(0, run.status(), run.logText());
      agent.leavesNothing();
      assertEquals(i + "\n", Files.readString(file("t" + i)));
    }
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(volumes.task("p" + i, "touch data/p" + i + " && sleep 0.3 && test -e data/p" + i));
    }
    Run run = agent.start(tasks.toArray(String[]::new));
    assertEquals(0, run.status(), run.logText());
    agent.leavesNothing();
    assertTrue(Files.exists(file("p7")));
  }

  private static String asNobody(String task) {
    return task.replace("\"command\":{", "\"command\":{\"user\":\"nobody\",");
  }

  @Test
  void aTaskOfAnotherUserReachesAVolumeThatRcloneGivesToOthers() throws Exception {
    String command = "id -un && echo mine > data/file && cat data/file";

    Run refused = agent.start(asNobody(volumes.task("t", command)));

    assertTrue(refused.status() != 0);
    assertEquals("nobody\n", refused.output());
    assertTrue(refused.logText().contains("ermission denied"), refused.logText());
    agent.leavesNothing();

    Run run = agent.start(asNobody(volumes.task("t", command, "shared", "allow_other=true")));

    assertEquals(0, run.status(), run.logText());
    assertEquals("nobody\nmine\n", run.output());
    agent.leavesNothing();
    assertEquals("mine\n", Files.readString(volumes.source("shared").resolve("file")));
  }

  @Test
  void optionsThatRcloneDoesNotKnowFailTheTaskInItsOwnWords() throws Exception {
    Run run = agent.start(volumes.task("t", "echo it ran", "data", "newfstype=xfs"));

    assertEquals(1, run.status());
    assertEquals("", run.output());
    assertTrue(
        run.logText().contains("answered Create with: ") && run.logText().contains("newfstype"),
        run.logText());
    assertFalse(run.logText().contains("xfs"), run.logText());
    agent.leavesNothing();
  }

  @Test
  void anAgentThatIsKilledLeavesAVolumeThatTheNextOneUnmounts() throws Exception {
    Run run = agent.start(volumes.task("t", untilTold("t", folder)));
    run.awaitOutput("t runs");
    run.process().destroyForcibly();
    run.status();
    assertEquals(1, agent.records().size());
    Files.createFile(folder.resolve("end-t"));
    eventually("the task has ended", () -> !RcloneVolumes.runs("t", folder));
    Run next = agent.start();
    assertEquals(0, next.status(), next.logText());
    agent.leavesNothing();
  }

  @Test
  void aTaskThatOutlivesItsAgentKeepsItsVolumeThroughTheNext() throws Exception {
    Run run =
        agent.start(volumes.task("t", untilTold("t", folder) + "; echo at the end > data/file"));
    run.awaitOutput("t runs");
    run.process().destroyForcibly();
    run.status();

    Run next = agent.start();
    assertEquals(0, next.status(), next.logText());
    assertTrue(next.logText().contains("is still held by"), next.logText());
    assertEquals(1, agent.mounts().size());

    Files.createFile(folder.resolve("end-t"));
    eventually("the task has ended", () -> !RcloneVolumes.runs("t", folder));
    assertEquals("at the end\n", Files.readString(file("file")));
    Run last = agent.start();
    assertEquals(0, last.status(), last.logText());
    agent.leavesNothing();
  }
}
