// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import org.junit.jupiter.api.Test;

/** Nothing goes wrong here: this passes on every version, or the others prove nothing. */
class ControlIT extends RegressionFixture {
  @Test
  void controlTwoTasksShareAVolumeThatOutlivesAnAgentAndIsUnmountedAfterTheLast() throws Exception {
    PluginProcess plugin = plugin();
    Run killed = start(on(VOLUME, "first", "touch data/file; " + untilTold("first")), tmpfs());
    awaitStart(killed, "first");
    awaitStart(killed, "tmpfs");
    kill(killed);

    Run next = start(on(VOLUME, "second", untilTold("second") + "; cat data/file && echo shared"));
    awaitStart(next, "second");
    assertEquals(1, plugin.calls("Mount", VOLUME).size());
    awaitEndOf("first");
    awaitEndOf("tmpfs");
    tellToEnd("second");
    assertEquals(0, status(next), next.logText());
    assertEquals("second runs\nshared\n", next.output());

    Run last = start();
    assertEquals(0, status(last), last.logText());
    comesToRest(plugin, VOLUME);
    assertEquals(plugin.calls("Mount", VOLUME), plugin.calls("Unmount", VOLUME));
    assertFalse(isMounted(localMountOf("kept")));
  }

  private String tmpfs() {
    return EmbeddedAgent.localTask("tmpfs", untilTold("tmpfs"), "kept", "type=tmpfs");
  }
}
