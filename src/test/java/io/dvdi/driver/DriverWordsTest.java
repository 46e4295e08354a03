// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.volume.Options;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriverWordsTest {
  @Test
  void areOneLine() {
    assertEquals("a b c", DriverWords.start("\n a\r\n\tb\u0000c \n", Options.NONE));
  }

  @Test
  void keepTheirStartOrTheirEnd() {
    String said = "first" + " x".repeat(1_000) + " last";

    assertTrue(DriverWords.start(said, Options.NONE).matches("first.*…"));
    assertTrue(DriverWords.end(said, Options.NONE).matches("….* last"));
  }

  @Test
  void hideTheValuesOfOptions() {
    Options options = Options.of(Map.of("password", "s3cret$1word", "size", "5", "empty", ""));

    assertEquals(
        "tokens3***x, size *** of 15 GiB, ***",
        DriverWords.start("tokens3s3cret$1wordx, size 5 of 15 GiB, s3cret$1word", options));
  }

  @Test
  void hideAValueThatIsCutInTwo() {
    Options options = Options.of(Map.of("password", "hunter2-hunter2"));

    assertTrue(!DriverWords.start("x".repeat(495) + "hunter2-hunter2", options).contains("hunter"));
  }
}
