// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.driver.plugin.MeasuredPlugin.Kind;
import io.dvdi.driver.plugin.StandInPlugin;
import io.dvdi.testing.MountTable;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Tasks on plugins that refuse, lie, come late or never answer. */
class FailingPluginsIT extends MeasuredPluginFixture {
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
