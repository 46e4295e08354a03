// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a task, the environment and the JVM may do to the agent's process. */
class AgentProcessIT extends RegressionFixture {
  private static final int INNOCENT = 8;

  /** B1. In 0.1.0 the heap is full: the agent ends or hangs, and others get no volume. */
  @Test
  void b1ATaskWithMegabytesOfOptionsTakesNothingFromOthers() throws Exception {
    agent().parameter("mount_timeout", "60secs");
    List<String> tasks = new ArrayList<>();
    String options =
        IntStream.range(0, 400_000).mapToObj(i -> ",key" + i + "=v").collect(joining());
    for (int i = 0; i < INNOCENT; i++) {
      tasks.add(tmpfs("greedy" + i, "true", "size=1m" + options));
      tasks.add(tmpfs("innocent" + i, untilTold("innocent" + i), "size=1m"));
    }
    Run run = start(tasks.toArray(String[]::new));
    for (int i = 0; i < INNOCENT; i++) {
      String innocent = "innocent" + i;
      boolean decided = within(LONG, () -> decided(run, innocent));
      Outcome.unless(decided && runs(run, innocent), "an innocent task did not get its volume");
    }
    for (int i = 0; i < INNOCENT; i++) {
      String greedy = "greedy" + i;
      Outcome.unless(within(LONG, () -> decided(run, greedy)), "the agent hangs");
    }
    Outcome.unless(run.process().isAlive(), "the agent has ended");
    assertTrue(run.logText().contains("at most 131072 are possible"), run.logText());
    for (int i = 0; i < INNOCENT; i++) {
      tellToEnd("innocent" + i);
    }
    awaitEnd(run);
    for (int i = 0; i < INNOCENT; i++) {
      Outcome.unless(!isMounted(localMountOf("innocent" + i)), "a volume stays mounted");
    }
  }

  /** B6. In 0.1.0 a process of the same user can have the agent load a library. */
  @Test
  void b6TheJvmHasNoSocketInTmp() throws Exception {
    agent().parameter("jvm_options", "-Xshare:auto");
    Run run = start(keeper());
    awaitStart(run, "keeper");
    boolean socket = Files.exists(Path.of("/tmp/.java_pid" + run.process().pid()));
    endKeeper(run);
    Outcome.unless(!socket, "HotSpot's attach socket is in /tmp");
  }

  /** B8. In 0.1.0 the JVM in the agent does not start. */
  @Test
  void b8OptionsForOtherJvmsDoNotReachTheAgents() throws Exception {
    agent().variable("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC").variable("_JAVA_OPTIONS", "-Xmx1k");
    Run run = start(keeper());
    awaitDecision(run, "keeper");
    Outcome.unless(runs(run, "keeper"), "the agent does not start");
    endKeeper(run);
  }

  /** B9. In 0.1.0 the status of the task is lost. */
  @Test
  void b9AJvmThatFailsWhileItEndsDoesNotHideTheStatusOfATask() throws Exception {
    Path full = mounts.tmpfs("full", "size=64k");
    agent()
        .parameter(
            "jvm_options",
            "-XX:+DisableAttachMechanism -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile="
                + full.resolve("classes.jsa"));
    Run run = start(tmpfs("fails", "exit 3", "size=1m"));
    int status = status(run);
    Outcome.unless(status != 0, "the agent ended with status 0");
    assertEquals(3, status, run.logText());
  }

  private static String tmpfs(String name, String command, String options) {
    return EmbeddedAgent.localTask(name, command, name, "type=tmpfs,o=" + options);
  }
}
