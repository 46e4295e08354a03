// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.Options;
import io.dvdi.volume.Text;

/**
 * The text of a driver or program, for use in an error message: one line, not long, and without
 * option values, which may be secrets.
 */
public final class DriverWords {
  private static final int LONGEST = 500;

  /** What is looked at: more than is shown, since a hidden value takes less space. */
  private static final int READ = 4000;

  private DriverWords() {}

  /** The start of the text. */
  public static String start(String said, Options options) {
    return start(said, true, options);
  }

  /**
   * The start of the text.
   *
   * @param whole whether that is all that was said
   */
  public static String start(String said, boolean whole, Options options) {
    String text = said.strip();
    boolean cut = text.length() > READ;
    String line =
        ValueMask.masked(
            Text.line(cut ? text.substring(0, READ) : text), options, false, cut || !whole);
    return line.length() <= LONGEST && !cut
        ? line
        : line.substring(0, Math.min(LONGEST, line.length())) + "…";
  }

  /**
   * The end of the text, where programs usually say why they failed.
   *
   * @param whole whether that is all that was said
   */
  public static String end(String said, boolean whole, Options options) {
    String text = said.strip();
    boolean cut = text.length() > READ;
    String line =
        ValueMask.masked(
            Text.line(cut ? text.substring(text.length() - READ) : text), options, cut, !whole);
    return line.length() <= LONGEST && !cut
        ? line
        : "…" + line.substring(Math.max(0, line.length() - LONGEST));
  }
}
