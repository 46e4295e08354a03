// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JDK below a running agent is replaced. */
class JdkUpdateIT extends RegressionFixture {
  /**
   * B5. In 0.1.0 programs are started by the JDK's jspawnhelper, which refuses a JVM of another
   * version, as it would after an update. Here, it cannot be executed at all.
   */
  @Test
  void b5ProgramsAreStartedWithoutTheHelperOfTheJdk() throws Exception {
    Path helper = Path.of(System.getProperty("java.home"), "lib/jspawnhelper");
    agent()
        .startWith(
            List.of(
                "unshare",
                "--mount",
                "--propagation=slave",
                "sh",
                "-c",
                "mount --bind /dev/null \"$0\" && exec \"$@\"",
                helper.toString()));
    // A new file system needs mkfs.
    Run run = start(EmbeddedAgent.localTask("t", untilTold("t"), VOLUME, "size=1"), keeper());
    awaitDecision(run, "t");
    if (!run.process().isAlive()) {
      throw new IllegalStateException("the agent has ended" + log());
    }

    Outcome.unless(runs(run, "t"), "no program can be started");
    tellToEnd("t");
    endKeeper(run);
  }
}
