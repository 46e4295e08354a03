// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.driver.plugin.MeasuredPlugin.Kind;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tasks on plugins that count users, keep IDs, format what exists, or do nothing of that: one way
 * of calling them has to suit all.
 */
class MeasuredPluginsIT extends MeasuredPluginFixture {
  /** Waits in the task until both have been there; the one that is left still has its volume. */
  private static String meeting(String me) {
    return "touch data/"
        + me
        + "; while [ ! -e data/first ] || [ ! -e data/second ]; do sleep 0.02; done; "
        + (me.equals("first")
            ? "touch data/first-ended"
            : "while [ ! -e data/first-ended ]; do sleep 0.02; done; sleep 0.3; echo kept >"
                + " data/letter && cat data/letter");
  }

  @ParameterizedTest
  @EnumSource
  void twoTasksShareAVolumeWhoseFilesStayWhateverItsPluginCounts(Kind kind) throws Exception {
    plugin.behaveAs(kind);
    agent.parameter("plain_directories", kind.isPlain() ? "measured" : "");

    Run run =
        agent.start(
            on("shared", "first", meeting("first")), on("shared", "second", meeting("second")));

    assertEquals(0, run.status(), run.logText());
    assertEquals("kept\n", run.output());
    leavesNothing();
    assertEquals(1, calls("Create"));
    assertEquals(1, calls("Mount"));
    assertEquals(1, calls("Unmount"));
    String first = mountId("Mount");
    assertFalse(first.isEmpty());
    assertEquals(first, mountId("Unmount"));

    // Again: an ID that was used is not, and a volume that exists is not created, which formats.
    Run next =
        agent.start(
            on("shared", "third", "cat data/letter"),
            on("absent", "careful", "echo it ran", "DVDI_VOLUME_EXPLICITCREATE", "true"));

    assertEquals(1, next.status(), next.logText());
    assertEquals("kept\n", next.output());
    assertTrue(
        next.logText().contains("'absent' (driver measured) does not exist"), next.logText());
    leavesNothing();
    assertEquals(1, calls("Create"));
    assertEquals(2, calls("Mount"));
    assertFalse(first.equals(mountId("Mount")));
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECTORY", "STRUCT"})
  void aPluginOfPlainDirectoriesIsRefusedWithTheParameterThatAcceptsItAndWorksWithIt(Kind kind)
      throws Exception {
    plugin.behaveAs(kind);
    String task = on("data", "t", "echo line >> data/file; cat data/file");

    Run refused = agent.start(task);

    assertEquals(1, refused.status());
    assertEquals("", refused.output());
    assertTrue(
        refused
            .logText()
            .contains(
                "if this driver hands out plain directories on purpose, the operator adds it to the"
                    + " parameter plain_directories"),
        refused.logText());
    assertFalse(Files.exists(plugin.files("data").resolve("file")));
    assertEquals(calls("Mount"), calls("Unmount"));
    leavesNothing();

    agent.parameter("plain_directories", "measured");
    assertEquals(0, agent.start(task).status());
    Run second = agent.start(task);
    assertEquals(0, second.status(), second.logText());
    assertEquals("line\nline\n", second.output());
    assertEquals(1, calls("Create"));
    leavesNothing();
  }

  @Test
  void aVolumeThatItsPluginForgotIsLeftToAPersonSinceAnotherClientMayHaveIt() throws Exception {
    plugin.behaveAs(Kind.SSH);
    Run run = agent.start(on("data", "t", "touch data/was-here; " + untilTold()));
    run.awaitOutput("runs");
    plugin.forgetUsers();
    tellToEnd();
    assertEquals(1, run.status(), run.logText());
    assertTrue(
        run.logText().contains("answered Unmount with: volume is not mounted"), run.logText());
    assertTrue(plugin.isMounted("data"));
    assertEquals(1, agent.records().size());

    mounts.unmount(mounts.folder().resolve("root/data"));
    Run next = agent.start(on("data", "u", "test -e data/was-here && echo the same"));

    assertEquals(0, next.status(), next.logText());
    assertEquals("the same\n", next.output());
    leavesNothing();
  }

  @Test
  void aPluginThatForgotItsUsersIsNotAskedAgainByATaskThatSharesTheVolume() throws Exception {
    plugin.behaveAs(Kind.SSH);
    Run run = agent.start(on("data", "t", untilTold()));
    run.awaitOutput("runs");
    run.process().destroyForcibly();
    run.status();
    plugin.forgetUsers();

    Run next = agent.start(on("data", "u", "echo shared"));

    assertEquals(0, next.status(), next.logText());
    assertEquals("shared\n", next.output());
    assertEquals(1, calls("Mount"));
    assertEquals(0, calls("Unmount"));
    tellToEnd();
    EmbeddedAgent.eventually(
        "the task has ended",
        () ->
            ProcessHandle.allProcesses()
                .noneMatch(
                    process -> process.info().commandLine().orElse("").contains(folder + "/end")));
    mounts.unmount(mounts.folder().resolve("root/data"));
    Run last = agent.start();
    assertEquals(0, last.status(), last.logText());
    leavesNothing();
  }

  /** The other may be an agent, or Docker: to the plugin it is a user like us. */
  @ParameterizedTest
  @EnumSource(names = {"SSH", "ORCHESTRATOR", "RCLONE", "LOOP"})
  void aVolumeThatAnotherClientOfThePluginUsesIsGivenUpOnceAndStaysTheirs(Kind kind)
      throws Exception {
    plugin.behaveAs(kind);
    plugin.joinAtFirstMount("data");
    Run run =
        agent.start(
            on("data", "t", "touch data/file"),
            EmbeddedAgent.localTask("other", untilTold(), "scratch", "type=tmpfs"));
    run.awaitLog("its driver says that it is unmounted, but it still is");
    // As long as some tries would take.
    Thread.sleep(4000);
    assertTrue(plugin.isMounted("data"), "unmounted under its other user");
    assertEquals(1, calls("Unmount"));

    plugin.otherLeaves("data");
    run.awaitLog("volume 'data' (driver measured) is unmounted");
    tellToEnd();
    assertEquals(0, run.status(), run.logText());
    assertEquals(1, calls("Unmount"));
    leavesNothing();
  }
}
