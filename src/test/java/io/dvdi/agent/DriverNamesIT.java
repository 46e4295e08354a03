// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A plugin that is found by two names: what the operator says of one holds for the other. */
class DriverNamesIT extends MeasuredPluginFixture {
  @BeforeEach
  void nameTwice() throws Exception {
    Path sockets = mounts.folder().resolve("sockets");
    Path unused =
        Files.createSymbolicLink(sockets.resolve("alias.sock"), sockets.resolve("measured.sock"));
  }

  @Test
  void setUserIdBitsCount() {
    agent.parameter("suid_drivers", "alias");

    Run run = agent.start(on("data", "t", "findmnt -n -o VFS-OPTIONS --target data | tail -1"));

    assertEquals(0, run.status(), run.logText());
    assertEquals("rw,relatime", run.output().strip());
  }
}
