// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of states and events in ARCHITECTURE.md is what the core does. */
class LifeTableTest {
  private static final String FIRST = "| state | on disk |";

  @Test
  void theArchitectureHasTheTableThatTheCoreGives() throws IOException {
    List<String> table = LifeTable.of(1, 20_000).lines();
    List<String> written =
        Files.readAllLines(Path.of("ARCHITECTURE.md")).stream()
            .dropWhile(line -> !line.startsWith(FIRST))
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertEquals(
        String.join("\n", table),
        String.join("\n", written),
        "paste what bin/simulate --lives 20000 --table prints into ARCHITECTURE.md");
  }
}
