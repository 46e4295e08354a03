// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.volume.Options;
import java.util.HashMap;
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
    assertTrue(DriverWords.end(said, true, Options.NONE).matches("….* last"));
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

  @Test
  void hideAPieceOfAValueWhereAProgramsTextWasCut() {
    Options options = Options.of(Map.of("password", "hunter2-hunter2"));

    assertEquals("token ***", DriverWords.start("token hunter2-hunt", false, options));
    assertEquals("token ***", DriverWords.end("token hunter2-hunt", false, options));
    assertEquals("token hunter2-hunt", DriverWords.start("token hunter2-hunt", options));
    assertTrue(
        !DriverWords.end("x".repeat(3_990) + "hunter2-hunter2", true, options).contains("hunt"));
  }

  @Test
  void hideAValueThatIsLongerThanWhatIsRead() {
    String value = "abcdefgh".repeat(1_000);
    Options options = Options.of(Map.of("key", value));

    assertEquals("x ***…", DriverWords.start("x " + value + " y", options));
    assertEquals("…***", DriverWords.end("x " + value.substring(0, 6_000), false, options));
  }

  @Test
  void hideValuesThatOverlap() {
    Options options = Options.of(Map.of("a", "secret-one-two", "b", "two-three-secret"));

    assertEquals("x***x", DriverWords.start("xsecret-one-two-three-secretx", options));
  }

  @Test
  void hideAValueThatAProgramHasWrapped() {
    Options options = Options.of(Map.of("passphrase", "correct horse  battery"));

    assertEquals(
        "login with *** failed",
        DriverWords.start("login with correct\nhorse  battery failed", options));
  }

  @Test
  void lookAtTheTextOnceOrTwiceForEachValue() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      many.put("option-" + i, "aa".repeat(1 + i % 40) + i);
    }
    CountingText text = new CountingText("a".repeat(4_000));

    String unused = ValueMask.masked(text, Options.of(many), false, true);
    assertTrue(text.reads <= 510 * 4_000L, text.reads + " reads");
    text.reads = 0;
    unused = ValueMask.masked(text, Options.of(many), true, true);
    assertTrue(text.reads <= 1_010 * 4_000L, text.reads + " reads");
  }

  /** A text of 8 MiB and 1,000 values: hours, if all of it were looked at for each value. */
  @Test
  void lookAtTheStartOrTheEndOnly() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      many.put("option-" + i, "w w w w w w w w w w w w w w w w w w w w w w w" + i);
    }
    String said = "w ".repeat(4 << 20);

    assertTrue(DriverWords.start(said, Options.of(many)).length() <= 501);
    assertTrue(DriverWords.end(said, false, Options.of(many)).length() <= 501);
  }

  /** Counts how often a character of it is read. */
  private static final class CountingText implements CharSequence {
    private final String text;
    private long reads;

    CountingText(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      reads++;
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
