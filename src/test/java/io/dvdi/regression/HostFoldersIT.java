// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks of ordinary users, and folders of the host in which programs look for things. */
class HostFoldersIT extends RegressionFixture {
  private Path looked;

  /** Like a folder of a service: root's, and below /var. */
  @BeforeEach
  void createFolder() throws Exception {
    looked = Files.createTempDirectory(Path.of("/var/tmp"), "dvdi-test-");
    Files.setPosixFilePermissions(looked, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void deleteFolder() throws Exception {
    agent().close();
    Files.deleteIfExists(looked);
  }

  /**
   * B13. In 0.1.0 only some folders are refused, and /var is not: programs with the set-user-ID bit
   * talk to a D-Bus socket that the task has made.
   */
  @Test
  void b13ATaskOfAUserDoesNotPutItsFilesWhereProgramsOfTheHostLook() throws Exception {
    String task =
        EmbeddedAgent.localTask(
                "user",
                "echo mine > %s/file && echo user runs".formatted(looked),
                "mine",
                "type=tmpfs")
            .replace("\"data\"", "\"" + looked + "\"")
            .replace("\"command\":{", "\"command\":{\"user\":\"nobody\",");
    Run run = start(task);
    awaitDecision(run, "user");
    awaitEnd(run);
    Outcome.unless(!runs(run, "user"), "the task's files are in a folder of the host's programs");
  }
}
