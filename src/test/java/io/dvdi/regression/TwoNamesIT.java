// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Two tasks that call one volume by two names, with a driver that counts nobody. */
class TwoNamesIT extends RegressionFixture {
  /** A10. In 0.1.0 they are two volumes, and the end of one unmounts the other's. */
  @Test
  void a10ASpellingInAnotherCaseIsTheSameVolumeIfItsDriverSaysSo() throws Exception {
    PluginProcess plugin = plugin("--users=none", "--ignore-case");
    share(plugin, "scripted", "DATA");
  }

  /** A11. In 0.1.0 they are two drivers, with a volume each. */
  @Test
  void a11ADriverIsTheSameByEachNameThatItsPluginIsFoundBy() throws Exception {
    PluginProcess plugin =
        plugin(
            Files.createDirectories(folder().resolve("sockets/scripted")).resolve("scripted.sock"),
            "--users=none");
    share(plugin, "scripted/scripted", VOLUME);
  }

  /** A12. In 0.1.0 they are two volumes, and the end of one unmounts the other's. */
  @Test
  void a12AVolumeThatItsDriverKnowsByTwoNamesIsOne() throws Exception {
    PluginProcess plugin = plugin("--users=none", "--alias=other=" + VOLUME);
    share(plugin, "scripted", "other");
  }

  /** A12. The driver says only by the mountpoint that it is one volume. */
  @Test
  void a12AVolumeThatShowsItsOtherNameOnlyByItsMountpointIsOne() throws Exception {
    PluginProcess plugin =
        plugin("--users=none", "--path=never", "--echo-names", "--alias=other=" + VOLUME);
    share(plugin, "scripted", "other");
  }

  private void share(PluginProcess plugin, String driver, String name) throws Exception {
    Run killed = start(on(VOLUME, "first", untilTold("first")));
    awaitStart(killed, "first");
    kill(killed); // so that the second task comes after the first
    String task =
        EmbeddedAgent.task(
            "second",
            untilTold("second"),
            "DVDI_VOLUME_NAME",
            name,
            "DVDI_VOLUME_DRIVER",
            driver,
            "DVDI_VOLUME_CONTAINERPATH",
            "data");
    Run next = start(task, keeper());
    awaitDecision(next, "second");
    awaitStart(next, "keeper");
    boolean runs = runs(next, "second");
    awaitEndOf("second");
    boolean gone = within(timeout, () -> !isMounted(VOLUME));
    Outcome.unless(!gone, "the first task's volume is unmounted under it");
    Outcome.unless(runs, "the second task does not get the volume");
    awaitEndOf("first");
    comesToRest(plugin, VOLUME);
    endKeeper(next);
  }
}
