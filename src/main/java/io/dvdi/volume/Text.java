// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.nio.charset.StandardCharsets;

/** Rules for all text from a task, and how text of others is shown in messages. */
public final class Text {
  /** The longest quoted text, in characters. */
  private static final int SHOWN = 64;

  private Text() {}

  /**
   * Refuses text that cannot be a file name, an argument or a line in a log: NUL, other control
   * characters and broken text.
   *
   * @param what names the text in messages, such as a variable
   * @param maximum the maximum length, in bytes of UTF-8
   * @throws InvalidRequestException if the text is refused
   */
  static void check(String what, String value, int maximum) {
    int broken = firstBroken(value);
    if (broken >= 0) {
      throw new InvalidRequestException(
          "%s %s has a control character or broken text at position %d; remove it"
              .formatted(what, quote(value), broken));
    }
    int length = value.getBytes(StandardCharsets.UTF_8).length;
    if (length > maximum) {
      throw new InvalidRequestException(
          "%s %s is %d bytes long; at most %d are possible"
              .formatted(what, quote(value), length, maximum));
    }
  }

  /**
   * Whether the text contains a control character or broken text. For text that messages must not
   * show.
   */
  public static boolean isBroken(String value) {
    return firstBroken(value) >= 0;
  }

  private static int firstBroken(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (isBroken(value, i)) {
        return i;
      }
    }
    return -1;
  }

  /** The text in single quotes, truncated, without what {@link #line} replaces. */
  public static String quote(String value) {
    StringBuilder quoted = new StringBuilder("'");
    value.codePoints().limit(SHOWN).forEach(c -> quoted.appendCodePoint(printable(c)));
    return quoted.append(value.codePointCount(0, value.length()) > SHOWN ? "…'" : "'").toString();
  }

  /**
   * Text from outside (plugins, programs, tasks, files) as one line for a log or a message. Control
   * characters and white space other than blanks become a blank. A question mark replaces what
   * cannot be seen, or moves other characters: marks of writing direction, characters without a
   * width, halves of surrogate pairs. So such text cannot forge a line, command a terminal, or pass
   * for another text.
   */
  public static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c != ' ' && isGap(c)) {
        boolean needed = !line.isEmpty() && line.charAt(line.length() - 1) != ' ';
        line.append(needed ? " " : "");
      } else {
        line.appendCodePoint(printable(c));
      }
    }
    return line.toString();
  }

  private static boolean isGap(int c) {
    return Character.isISOControl(c) || Character.isSpaceChar(c);
  }

  private static int printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          '?';
      default -> c;
    };
  }

  /** U+FFFD replaces bytes that are not valid UTF-8. */
  private static boolean isBroken(String value, int i) {
    char c = value.charAt(i);
    boolean lone = Character.isSurrogate(c) && !paired(value, i);
    return Character.isISOControl(c) || c == '\uFFFD' || lone;
  }

  private static boolean paired(String value, int i) {
    return Character.isHighSurrogate(value.charAt(i))
        ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
  }
}
