// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.Options;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a driver said, made fit to stand in an error message: one line, not long, without the values
 * of options.
 */
public final class DriverWords {
  private static final int LONGEST = 500;

  /**
   * A value that is shorter is masked only where it stands as a word, or masked text could not be
   * read any more.
   */
  private static final int UNMISTAKABLE = 8;

  private static final Pattern BREAKS = Pattern.compile("[\\s\\p{Cntrl}]+");

  private DriverWords() {}

  /** The start of what was said. */
  public static String start(String said, Options options) {
    String line = line(said, options);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  /** The end of what was said, where a program says why it gives up. */
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
    return BREAKS.matcher(line.strip()).replaceAll(" ");
  }

  private static String masked(String said, String value) {
    String quoted = Pattern.quote(value);
    String pattern =
        value.length() < UNMISTAKABLE ? "(?<![\\p{Alnum}])" + quoted + "(?![\\p{Alnum}])" : quoted;
    return Pattern.compile(pattern).matcher(said).replaceAll(Matcher.quoteReplacement("***"));
  }
}
