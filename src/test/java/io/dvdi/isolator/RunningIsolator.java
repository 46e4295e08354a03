// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An isolator on real mounts, for each test its own. */
abstract class RunningIsolator {
  @TempDir Path folder;
  IsolatorFixture host;

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
  }

  /** A failed prepare is told at once; its undo goes on behind that. */
  void nothingIsLeft() {
    eventually("nothing is left", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }
}
