// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.agent.EmbeddedAgent.Run;
import org.junit.jupiter.api.Test;

/** A Mount whose answer is late, lost, or a refusal although it was done. */
class LateMountIT extends RegressionFixture {
  /** A1. In 0.1.0 the record is gone, and the mount stays for ever. */
  @Test
  void a1AMountThatComesAfterAnUnmountWasAnsweredIsUndone() throws Exception {
    PluginProcess plugin = plugin("--users=none", "--path=mounted");
    shortTimeouts(1);
    plugin.tell("Mount: until late; do; answer");
    Run run = start(on(VOLUME, "t", "echo t runs"), keeper());
    awaitDecision(run, "t");
    awaitStart(run, "keeper");
    // Nothing is mounted yet: an agent that does not wait for the Mount has time to conclude.
    boolean unused = within(timeout, () -> records(VOLUME).isEmpty());

    plugin.tell("go late");

    eventually("the late mount has come", () -> plugin.done("Mount", VOLUME).size() == 1);
    comesToRest(plugin, VOLUME);
    endKeeper(run);
    assertEquals(1, status(run));
  }

  /**
   * A2. In 0.1.0 the next agent takes a driver that names no path yet for one that has not mounted,
   * and drops the record.
   */
  @Test
  void a2AMountThatIsUnderWayWhileTheAgentRestartsIsUndone() throws Exception {
    PluginProcess plugin = plugin("--path=mounted");
    shortTimeouts(3); // the next agent starts before a Mount can come too late
    plugin.tell("Mount: until late; do; answer");
    Run killed = start(on(VOLUME, "t", "echo t runs"));
    eventually("Mount was sent", () -> plugin.calls("Mount", VOLUME).size() == 1);
    kill(killed);

    Run next = start(keeper());
    awaitStart(next, "keeper");
    boolean unused = within(timeout, () -> records(VOLUME).isEmpty());
    plugin.tell("go late");

    eventually("the late mount has come", () -> plugin.done("Mount", VOLUME).size() == 1);
    comesToRest(plugin, VOLUME);
    endKeeper(next);
  }

  /** A3. In 0.1.0 a Get that fails counts as "not mounted", and the record is dropped. */
  @Test
  void a3AMountWhoseAnswerWasLostIsFoundAfterTheStorageServiceIsBack() throws Exception {
    PluginProcess plugin = plugin();
    shortTimeouts(1);
    plugin.tell("Mount: do; until away; drop");
    Run run = start(on(VOLUME, "t", "echo t runs"), keeper());
    eventually("the volume is mounted", () -> plugin.done("Mount", VOLUME).size() == 1);
    plugin.tell("Get: refuse storage service is away");
    plugin.tell("Path: refuse storage service is away");
    plugin.tell("List: refuse storage service is away");
    plugin.tell("Unmount: refuse storage service is away");
    plugin.tell("go away");
    awaitDecision(run, "t");
    // Longer than a Mount may be late, so that nothing but the driver's words is left to go by.
    boolean dropped = within(timeout.multipliedBy(3), () -> records(VOLUME).isEmpty());
    Outcome.unless(
        !dropped || !isMounted(VOLUME), "there is no record any more, and the mount stays");

    plugin.tell("clear");

    comesToRest(plugin, VOLUME);
    endKeeper(run);
  }

  /**
   * A31. In 0.1.0 the first ID stays with the driver for ever, behind the record of the second, and
   * so does the mount.
   */
  @Test
  void a31AMountThatWasRefusedAlthoughItWasDoneIsUndoneAlsoAfterASecondTask() throws Exception {
    PluginProcess plugin = plugin();
    plugin.tell("Mount 1 times: do; refuse the attachment is in an unknown state");
    awaitEnd(start(on(VOLUME, "first", "echo it runs")));

    Run second = start(on(VOLUME, "second", "touch data/file"));
    awaitEnd(second);

    Run last = start(keeper());
    awaitStart(last, "keeper");
    comesToRest(plugin, VOLUME);
    endKeeper(last);
  }
}
