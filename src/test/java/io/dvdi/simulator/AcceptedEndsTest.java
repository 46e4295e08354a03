// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AcceptedEndsTest {
  @ParameterizedTest
  @EnumSource(AcceptedEnd.class)
  void twoWorldsThatTheCoreCannotTellApartNeedOppositeDecisions(AcceptedEnd end)
      throws IOException {
    assertEquals("", EndTraces.flaw(end));
  }

  @Test
  void thereIsAFileForEachEndAndNoOther() throws IOException {
    List<Path> wanted = Arrays.stream(AcceptedEnd.values()).map(EndTraces::file).sorted().toList();
    try (Stream<Path> files = Files.list(Path.of("src/test/simulator/ends"))) {
      assertEquals(wanted, files.sorted().toList());
    }
  }

  @Test
  void theDocumentationNamesEachEnd() throws IOException {
    String text = Files.readString(Path.of("docs/reliability.md"));
    for (AcceptedEnd end : AcceptedEnd.values()) {
      assertTrue(text.contains("| " + end.title() + " |"), end.title());
    }
  }
}
