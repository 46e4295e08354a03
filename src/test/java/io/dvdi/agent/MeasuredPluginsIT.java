// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static io.dvdi.agent.EmbeddedAgent.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.driver.plugin.MeasuredPlugin;
import io.dvdi.driver.plugin.MeasuredPlugin.Kind;
import io.dvdi.driver.plugin.StandInPlugin;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tasks on plugins that count users, keep IDs, format what exists, or do nothing of that: one way
 * of calling them has to suit all.
 */
class MeasuredPluginsIT {
  @RegisterExtension final RealMounts mounts = new RealMounts();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private MeasuredPlugin plugin;
  private EmbeddedAgent agent;

  @BeforeEach
  void create() throws Exception {
    Path sockets = mounts.newFolder("sockets");
    plugin =
        new MeasuredPlugin(
            Kind.RCLONE,
            sockets.resolve("measured.sock"),
            mounts.tmpfs("store", "size=8m"),
            mounts.newFolder("root"));
    agent =
        new EmbeddedAgent(folder)
            .parameter("plugin_sockets", sockets.toString())
            .parameter("plugin_timeout", "1secs");
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    plugin.close();
  }

  private static String on(String volume, String name, String command, String... more) {
    List<String> variables =
        new ArrayList<>(
            List.of(
                "DVDI_VOLUME_NAME", volume,
                "DVDI_VOLUME_DRIVER", "measured",
                "DVDI_VOLUME_CONTAINERPATH", "data"));
    variables.addAll(List.of(more));
    return task(name, command, variables.toArray(String[]::new));
  }

  private void leavesNothing() throws Exception {
    agent.leavesNothing();
    assertEquals(List.of(), MountTable.under(mounts.folder().resolve("root")));
    assertEquals(List.of(), plugin.faults);
  }

  private String untilTold() {
    return "echo runs; while [ ! -e " + folder + "/end ]; do sleep 0.05; done";
  }

  private void tellToEnd() throws Exception {
    Files.createFile(folder.resolve("end"));
  }

  private long calls(String method) {
    return plugin.wire().count(method);
  }

  private String mountId(String method) {
    return plugin.wire().last(method).body().path("ID").asText();
  }

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
    assertTrue(next.logText().contains("it does not exist"), next.logText());
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
  void aPluginThatForgotItsUsersMountsNothingOverWhatIsMounted() throws Exception {
    plugin.behaveAs(Kind.SSH);
    Run run = agent.start(on("data", "t", "touch data/was-here; " + untilTold()));
    run.awaitOutput("runs");
    plugin.forgetUsers();
    tellToEnd();
    assertEquals(0, run.status(), run.logText());
    // "volume is not mounted", says the plugin, and it is.
    assertTrue(run.logText().contains("the module has unmounted it"), run.logText());
    leavesNothing();

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

  @Test
  void anUnmountThatFailsAndAnUnmountThatLiesAreJudgedByTheMountTable() throws Exception {
    Path at = mounts.folder().resolve("root/data");
    plugin
        .wire()
        .on(
            "Unmount",
            (request, out) -> {
              unmountByHand(at);
              out.write(StandInPlugin.json(500, "{\"Err\":\"lost the lease\"}"));
            });
    Run failed = agent.start(on("data", "t", "true"));
    assertEquals(0, failed.status(), failed.logText());
    assertTrue(failed.logText().contains("lost the lease"), failed.logText());
    leavesNothing();

    plugin.forgetUsers();
    plugin.wire().on("Unmount", StandInPlugin.json(200, "{}"));
    Run lied = agent.start(on("data", "t", "true"));
    int unused = lied.status();
    assertTrue(lied.logText().contains("Task t ended with status 0"), lied.logText());
    assertTrue(lied.logText().contains("but it still is"), lied.logText());
    assertEquals(1, agent.records().size());

    unmountByHand(at);
    Run recovered = agent.start();
    assertEquals(0, recovered.status(), recovered.logText());
    leavesNothing();
  }

  @Test
  void aMountThatIsAnsweredAfterItsTaskHasFailedIsUndoneWhileOthersRun() throws Exception {
    plugin.behaveAs(Kind.LOOP);
    agent.parameter("mount_timeout", "6secs");
    plugin.mountWaits = new CountDownLatch(1);

    Run run =
        agent.start(
            on("data", "late", "echo it ran"),
            EmbeddedAgent.localTask("other", untilTold(), "scratch", "type=tmpfs"));

    run.awaitLog("was not mounted within 6 s (mount_timeout)");
    plugin.mountWaits.countDown();
    run.awaitLog("volume 'data' (driver measured) is unmounted");
    tellToEnd();
    assertEquals(1, run.status(), run.logText());
    assertEquals("runs\n", run.output());
    assertEquals(1, calls("Mount"));
    assertEquals(mountId("Mount"), mountId("Unmount"));
    agent.leavesNothing();
    assertEquals(List.of(), MountTable.under(mounts.folder().resolve("root")));
  }

  @Test
  void aPluginThatNeverAnswersFailsItsTaskAtTheDeadlineAndHoldsUpNobody() throws Exception {
    agent.parameter("mount_timeout", "4secs");
    plugin.wire().on("Mount", plugin.wire().hang());

    Run run =
        agent.start(
            on("data", "hangs", "echo it ran"),
            EmbeddedAgent.localTask("other", "echo well", "scratch", "type=tmpfs"));

    run.awaitOutput("well");
    assertFalse(run.logText().contains("mount_timeout"), run.logText());
    assertEquals(1, run.status(), run.logText());
    assertTrue(run.logText().contains("was not mounted within 4 s (mount_timeout)"), run.logText());
    assertEquals(1, calls("Create"));
    assertEquals(1, calls("Mount"));
    // It may come yet, and so the record stays, until an agent finds that it has not.
    assertEquals(1, agent.records().size());
    Run next = agent.start();
    assertEquals(0, next.status(), next.logText());
    leavesNothing();
  }

  @Test
  void valuesOfOptionsAreNeverSaidNotEvenInThePluginsOwnWords() throws Exception {
    plugin
        .wire()
        .on(
            "Create",
            (request, out) ->
                out.write(
                    StandInPlugin.json(
                        500,
                        "{\"Err\":\"bad: " + request.body().at("/Opts/kind").asText() + "\"}")));

    Run run = agent.start(on("data", "t", "true", "DVDI_VOLUME_OPTS", "kind=s3cret-value"));

    assertEquals(1, run.status(), run.logText());
    assertTrue(run.logText().contains("answered Create with: bad: ***"), run.logText());
    assertFalse(run.logText().contains("s3cret"), run.logText());
    assertEquals(1, calls("Create"));
    assertEquals(0, calls("Mount"));
    agent.leavesNothing();
  }

  private void unmountByHand(Path at) {
    try {
      mounts.unmount(at);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
