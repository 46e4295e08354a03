// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Mounts that are not the module's, at the path of a volume that it has verified. */
class ForeignMountIT extends RegressionFixture {
  private static final String SLOW = "slow";

  /**
   * A27. In 0.1.0 the task gets whatever is at the path by then. The volume is verified, and the
   * container still waits for its other one.
   */
  @Test
  void a27AMountThatCoversAVolumeBeforeTheTaskStartsIsNotGivenToIt() throws Exception {
    PluginProcess plugin = plugin();
    plugin.tell("Mount 'slow': until told; do; answer");
    Run run =
        start(
            on(
                VOLUME,
                "t",
                "echo t runs; ls data",
                "DVDI_VOLUME_NAME1",
                SLOW,
                "DVDI_VOLUME_DRIVER1",
                "scripted"));
    Path path = mountOf(VOLUME);
    eventually(
        "the first volume is verified", () -> run.logText().contains("is mounted at " + path));
    mounts.mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", path.toString());
    Files.createFile(path.resolve("somebody-elses"));

    plugin.tell("go told");
    awaitEnd(run);

    Outcome.unless(
        !run.output().contains("somebody-elses"),
        "the task got what somebody else had mounted over its volume");
    assertNotEquals(0, status(run));
    assertTrue(run.logText().contains("Cannot bind " + path), run.logText());
    mounts.unmount(path);
    Run last = start(keeper());
    comesToRest(plugin, VOLUME);
    comesToRest(plugin, SLOW);
    endKeeper(last);
  }
}
