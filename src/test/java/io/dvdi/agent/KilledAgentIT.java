// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.eventually;
import static io.dvdi.agent.EmbeddedAgent.localTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ends that an agent and its tasks can come to. */
class KilledAgentIT {
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

  private String untilTold(String name, String volume, String options) {
    return localTask(
        name,
        "echo "
            + name
            + " runs; while [ ! -e "
            + folder
            + "/end-"
            + name
            + " ]; do sleep 0.05; done; touch data/end",
        volume,
        options);
  }

  private void tellToEnd(String name) throws IOException {
    Files.createFile(folder.resolve("end-" + name));
  }

  @Test
  void afterKillNineWhatStillRunsIsKeptAndWhatIsGoneIsCleanedUp() throws IOException {
    Run killed =
        agent.start(
            untilTold("stays", "kept", "size=1"),
            untilTold("ends", "gone", "size=1"),
            untilTold("shares", "kept", "size=1"));
    killed.awaitOutput("stays runs");
    killed.awaitOutput("ends runs");
    killed.awaitOutput("shares runs");
    killed.process().destroyForcibly();
    killed.status();
    assertEquals(2, agent.records().size());
    tellToEnd("ends");
    // It ends while no agent is there to see it.
    eventually("the task has ended", () -> running("end-ends") == 0);

    Run next = agent.start();
    next.awaitLog("volume 'gone' (driver local) is unmounted");
    assertEquals(0, next.status(), next.logText());
    assertEquals(List.of(folder.resolve("local/kept/mount").toString()), agent.mounts());
    assertEquals(1, agent.records().size());

    // A third agent that has a task of its own on the same volume shares it, and stays while it
    // runs.
    Run third = agent.start(untilTold("late", "kept", "size=1"));
    third.awaitOutput("late runs");
    tellToEnd("stays");
    tellToEnd("shares");
    eventually("the others have ended", () -> running("end-stays") + running("end-shares") == 0);
    tellToEnd("late");
    assertEquals(0, third.status(), third.logText());
    Run last = agent.start();
    assertEquals(0, last.status(), last.logText());
    agent.leavesNothing();
  }

  private static long running(String words) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(words))
        .count();
  }

  @RepeatedTest(8)
  void killedAtAnyMomentTheNextAgentLeavesNothing() throws Exception {
    Run run =
        agent.start(
            localTask("a", "sleep 0.1", "one", "size=1"),
            localTask("b", "sleep 0.1", "two", "type=tmpfs"),
            localTask("c", "sleep 0.1", "one", "size=1"));
    // From before the JVM is up until after the last unmount.
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(200, 2500));
    run.process().destroyForcibly();
    run.status();
    eventually("the tasks have ended", () -> running(folder.toString()) == 0);
    Run next = agent.start();
    assertEquals(0, next.status(), next.logText());
    agent.leavesNothing();
  }

  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143"})
  void aSignalEndsTasksAndUnmounts(String signal, int status) {
    Run run = agent.start(untilTold("a", "v", "size=1"), untilTold("b", "w", "type=tmpfs"));
    run.awaitOutput("a runs");
    run.awaitOutput("b runs");
    run.signal(signal);
    assertEquals(status, run.status(), run.logText());
    agent.leavesNothing();
  }

  @Test
  void aSignalWhileTheAgentStartsLeavesNothing() {
    Run run = agent.start(untilTold("a", "v", "size=1"));
    run.awaitLog("Started the JVM");
    run.signal("INT");
    assertEquals(130, run.status(), run.logText());
    agent.leavesNothing();
  }

  @Test
  void forEndsTheTasksAfterItsTimeWithStatusZero() {
    Run run = agent.start(Duration.ofSeconds(5), untilTold("a", "v", "size=1"));
    assertEquals(0, run.status(), run.logText());
    assertTrue(run.output().contains("a runs"));
    agent.leavesNothing();
  }

  @Test
  void theExitStatusIsTheTasks() {
    assertEquals(7, agent.start(localTask("a", "exit 7", "v", "type=tmpfs")).status());
    assertEquals(137, agent.start(localTask("a", "kill -9 $$", "v", "type=tmpfs")).status());
    assertEquals(127, agent.start(localTask("a", "no-such-program", "v", "type=tmpfs")).status());
    agent.leavesNothing();
  }

  @Test
  void whatATaskLeavesRunningEndsWithIt() {
    Run run = agent.start(localTask("a", "setsid sleep 4711 & echo begun", "v", "size=1"));
    assertEquals(0, run.status(), run.logText());
    assertEquals(0, running("sleep 4711"));
    agent.leavesNothing();
  }

  @Test
  void aRecordThatWasDestroyedWhileTheAgentWasAwayDoesNotStopTheNext() throws IOException {
    Run killed = agent.start(untilTold("a", "v", "type=tmpfs"), untilTold("b", "w", "type=tmpfs"));
    killed.awaitOutput("a runs");
    killed.awaitOutput("b runs");
    killed.process().destroyForcibly();
    killed.status();
    String record =
        agent.records().stream()
            .filter(name -> name.contains("/local-v-"))
            .findFirst()
            .orElseThrow();
    Files.writeString(folder.resolve("state/volumes").resolve(record), "");
    tellToEnd("a");
    tellToEnd("b");
    eventually("the tasks have ended", () -> running("end-") == 0);
    Run next = agent.start();
    assertEquals(0, next.status(), next.logText());
    assertTrue(next.logText().contains(record + " cannot be read"), next.logText());
    // What the record knew is lost, and so that volume is left for a person.
    assertEquals(List.of(folder.resolve("local/v/mount").toString()), agent.mounts());
  }
}
