// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static io.dvdi.isolator.IsolatorFixture.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records that cannot be written. */
class UnwritableRecordsTest extends RunningIsolator {
  @Test
  void aRecordThatCannotBeWrittenFailsTheContainerBeforeAnythingIsMounted() throws IOException {
    Path aside = host.folder.resolve("aside");
    Files.move(host.records, aside);
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("record cannot be written"), failure);
    assertEquals(List.of(), host.driver.calls);
    Files.move(aside, host.records);
    host.prepare("c2", "a");
  }

  @Test
  void aRecordThatCannotBeWrittenAfterTheMountUndoesIt() throws IOException {
    Path aside = host.folder.resolve("aside");
    host.driver.beforeMount(
        "a",
        () -> {
          try {
            Files.move(host.records, aside);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("record cannot be written"), failure);
    // Without a record of it, nothing is unmounted either: the next agent would not know.
    assertEquals(List.of("a"), host.mounts());
    Files.move(aside, host.records);
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }
}
