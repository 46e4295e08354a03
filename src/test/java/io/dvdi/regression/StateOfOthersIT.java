// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A local user of the host, and the folders of an agent. */
class StateOfOthersIT extends RegressionFixture {
  @BeforeEach
  void letUsersThrough() throws Exception {
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwx--x--x"));
  }

  /**
   * B15. In 0.1.0 only the last folder has to be root's. Who owns one above it puts another folder
   * in its place, with records of his own.
   */
  @Test
  void b15AnAgentKeepsNoStateInAFolderOfSomebodyElse() throws Exception {
    RealMounts.run("chown", "nobody", folder().resolve("agent").toString());
    Run run = start(EmbeddedAgent.localTask("task", "echo task runs", "kept", "type=tmpfs"));
    awaitEnd(run);
    Outcome.unless(!runs(run, "task"), "the agent's state is in a folder that somebody else owns");
  }

  /** B16. In 0.1.0 everybody who knows a volume's name reads it. */
  @Test
  void b16AUserOfTheHostDoesNotReadATasksVolume() throws Exception {
    doesNotRead("type=tmpfs");
  }

  /** The same of a file system in a file. */
  @Test
  void b16AUserOfTheHostDoesNotReadATasksFileSystem() throws Exception {
    doesNotRead("size=1");
  }

  private void doesNotRead(String options) throws Exception {
    Run run =
        start(
            EmbeddedAgent.localTask(
                "task", "echo secret > data/file; " + untilTold("task"), VOLUME, options));
    awaitStart(run, "task");
    Path file = localMountOf(VOLUME).resolve("file");
    eventually("the file is there", () -> Files.exists(file));
    Process reader =
        new ProcessBuilder("setpriv", "--reuid=65534", "--clear-groups", "cat", file.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Outcome.unless(reader.waitFor() != 0, "a local user reads the task's file");
    tellToEnd("task");
    awaitEnd(run);
  }
}
