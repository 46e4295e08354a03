// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.Options;
import io.dvdi.volume.Text;
import java.util.BitSet;
import java.util.List;

/**
 * Hides the values of options in a text, also a piece of a value where the text was cut. Reads the
 * text once or twice for each value, whatever is in it (Knuth, Morris and Pratt).
 */
final class ValueMask {
  /**
   * A shorter value is hidden only where it is a whole word. Otherwise masked text would be
   * unreadable.
   */
  private static final int UNMISTAKABLE = 8;

  private final CharSequence text;
  private final BitSet hidden = new BitSet();

  private ValueMask(CharSequence text) {
    this.text = text;
  }

  /**
   * The text with asterisks for each value.
   *
   * @param text as {@link Text#line} makes it
   * @param cutBefore whether there was more text before it
   * @param cutAfter whether there was more text after it
   */
  static String masked(CharSequence text, Options options, boolean cutBefore, boolean cutAfter) {
    ValueMask mask = new ValueMask(text);
    // What is compared has gone through the same: a program may have wrapped a value.
    List<String> values =
        options.values().values().stream()
            .map(value -> Text.line(value).strip())
            .filter(value -> !value.isEmpty())
            .distinct()
            .toList();
    for (String value : values) {
      int atEnd = mask.hide(value);
      if (cutAfter) {
        mask.hidden.set(text.length() - atEnd, text.length());
      }
      if (cutBefore) {
        mask.hidden.set(0, mask.endOfValueAtStart(value));
      }
      if (cutBefore && cutAfter && value.contains(text)) {
        mask.hidden.set(0, text.length());
      }
    }
    return mask.shown();
  }

  /**
   * Hides a value wherever it is.
   *
   * @return how many of its first characters are the text's last ones
   */
  private int hide(String value) {
    int[] borders = borders(value);
    int matched = 0;
    for (int i = 0; i < text.length(); i++) {
      matched = next(value, borders, matched, text.charAt(i));
      if (matched == value.length() && isShown(value, i + 1)) {
        hidden.set(i + 1 - matched, i + 1);
      }
    }
    return matched;
  }

  private boolean isShown(String value, int end) {
    int start = end - value.length();
    return hidden.nextClearBit(start) < end
        && (value.length() >= UNMISTAKABLE
            || ((start == 0 || !isWord(text.charAt(start - 1)))
                && (end == text.length() || !isWord(text.charAt(end)))));
  }

  private static boolean isWord(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  /** How many of a value's last characters are the text's first ones. */
  private int endOfValueAtStart(String value) {
    String reversed = new StringBuilder(value).reverse().toString();
    int[] borders = borders(reversed);
    int matched = 0;
    for (int i = text.length() - 1; i >= 0; i--) {
      matched = next(reversed, borders, matched, text.charAt(i));
    }
    return matched;
  }

  /** How many characters of the value match after one more. */
  private static int next(String value, int[] borders, int matched, char c) {
    int count = matched;
    while (count > 0 && (count == value.length() || value.charAt(count) != c)) {
      count = borders[count - 1];
    }
    return value.charAt(count) == c ? count + 1 : count;
  }

  /** For each start of the value, the longest of its ends that the value starts with too. */
  private static int[] borders(String value) {
    int[] borders = new int[value.length()];
    for (int i = 1; i < value.length(); i++) {
      borders[i] = next(value, borders, borders[i - 1], value.charAt(i));
    }
    return borders;
  }

  private String shown() {
    StringBuilder shown = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int start = hidden.nextSetBit(at);
      if (start < 0) {
        return shown.append(text, at, text.length()).toString();
      }
      shown.append(text, at, start).append("***");
      at = hidden.nextClearBit(start);
    }
    return shown.toString();
  }
}
