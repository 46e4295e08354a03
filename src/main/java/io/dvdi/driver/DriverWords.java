// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.Options;
import io.dvdi.volume.Text;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a driver or program, for use in an error message: one line, not long, and without
 * option values, which may be secrets.
 */
public final class DriverWords {
  private static final int LONGEST = 500;

  /**
   * A shorter value is masked only where it is a whole word. Otherwise masked text would be
   * unreadable.
   */
  private static final int UNMISTAKABLE = 8;

  private DriverWords() {}

  /** The start of the text. */
  public static String start(String said, Options options) {
    String line = line(said, options);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  /** The end of the text, where programs usually say why they failed. */
  public static String end(String said, Options options) {
    String line = line(said, options);
    return line.length() <= LONGEST ? line : "…" + line.substring(line.length() - LONGEST);
  }

  private static String line(String said, Options options) {
    String line = said;
    for (String value : options.values().values()) {
      if (!value.isEmpty()) {
        line = masked(line, value);
      }
    }
    return Text.line(line.strip());
  }

  private static String masked(String said, String value) {
    String quoted = Pattern.quote(value);
    String pattern =
        value.length() < UNMISTAKABLE ? "(?<![\\p{Alnum}])" + quoted + "(?![\\p{Alnum}])" : quoted;
    return Pattern.compile(pattern).matcher(said).replaceAll(Matcher.quoteReplacement("***"));
  }
}
