// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What happens while an agent recovers, or before it asks a driver. */
class RecoveryIT extends RegressionFixture {
  /** A30. In 0.1.0 the volume stays mounted, and held, as long as that agent runs. */
  @Test
  void a30AVolumeIsUnmountedWhenItsTaskEndsWhileTheNextAgentRecovers() throws Exception {
    Run killed = start(EmbeddedAgent.localTask("t", untilTold("t"), VOLUME, "type=tmpfs"));
    awaitStart(killed, "t");
    kill(killed);
    // A file that nobody writes yet keeps the agent in its recovery.
    Path list = folder().resolve("dvdimounts.pb");
    RealMounts.run("mkfifo", list.toString());
    agent().parameter("import_dvdimounts", list.toString());

    Run next = start(keeper());
    // An agent that does not wait for the file starts its own task meanwhile.
    boolean waits =
        within(Duration.ofSeconds(60), () -> next.logText().contains("still runs"))
            && !decided(next, "keeper");
    awaitEndOf("t");
    if (waits) {
      boolean unused = within(Duration.ofSeconds(20), () -> next.logText().contains("has ended"));
    }
    eventually("the agent has recovered", () -> readToItsEnd(list) && decided(next, "keeper"));

    awaitStart(next, "keeper");
    boolean gone = within(Duration.ofSeconds(20), () -> !isMounted(localMountOf(VOLUME)));
    Outcome.unless(gone, "the ended task's volume stays mounted, and held");
    endKeeper(next);
  }

  /** Opens a pipe and closes it, as a writer that has nothing to say. Waits for no reader. */
  private static boolean readToItsEnd(Path pipe) throws IOException {
    new RandomAccessFile(pipe.toFile(), "rw").close();
    return true;
  }

  /** A20. In 0.1.0 prepare waits for the plugin before its timer is set. */
  @Test
  void a20ATaskWhosePluginIsAwayFailsAfterMountTimeout() throws Exception {
    agent().parameter("mount_timeout", "2secs");
    agent().parameter("plugin_timeout", "40secs"); // of 0.1.0
    Run run = start(on(VOLUME, "t", "echo t runs"), keeper());
    awaitStart(run, "keeper");
    // Ten times as long as it may take, and half as long as the plugin would be waited for.
    boolean failed = within(Duration.ofSeconds(20), () -> decided(run, "t"));
    Outcome.unless(failed, "mount_timeout is 2 s, and after 20 s the task still waits");
    endKeeper(run);
  }
}
