// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent.Run;
import org.junit.jupiter.api.Test;

/** What a driver says about an Unmount, while another client of it uses the volume. */
class DriverWordsIT extends RegressionFixture {
  /** A5. In 0.1.0 the module itself unmounts, beneath the other client. */
  @Test
  void a5NotMountedByThisIdMeansThatOthersHaveIt() throws Exception {
    PluginProcess plugin = plugin();
    shortTimeouts(1);
    // Done, but the answer is lost: the next one is refused by the plugin itself.
    plugin.tell("Unmount 1 times: do; drop");
    othersMountStays(plugin, VOLUME);
  }

  /** A6. In 0.1.0 the module itself unmounts, beneath the other client. */
  @Test
  void a6TheNameOfAVolumeInARefusalMeansNothing() throws Exception {
    PluginProcess plugin = plugin();
    shortTimeouts(1);
    String volume = "not mounted";
    plugin.tell("Unmount: refuse cannot detach 'not mounted', storage service is away");
    othersMountStays(plugin, volume);
  }

  private void othersMountStays(PluginProcess plugin, String volume) throws Exception {
    Run run = start(on(volume, "t", untilTold("t")), keeper());
    awaitStart(run, "t");
    plugin.tell("mount '%s' another-client".formatted(volume));
    tellToEnd("t");
    eventually("Unmount was sent", () -> !plugin.calls("Unmount", volume).isEmpty());
    // Through some tries, and the longest time for which a call that was cut off is waited for.
    boolean gone = within(timeout.multipliedBy(3), () -> !isMounted(volume));
    Outcome.unless(!gone, "the mount was unmounted beneath another client");
    endKeeper(run);
    awaitEnd(start());
    Outcome.unless(isMounted(volume), "the next agent unmounted beneath another client");

    plugin.tell("clear");
    plugin.tell("unmount '%s' another-client".formatted(volume));
    Run last = start(keeper());
    comesToRest(plugin, volume);
    endKeeper(last);
  }
}
