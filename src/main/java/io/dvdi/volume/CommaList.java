// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Comma-separated lists: in parameters, in DVDI_VOLUME_OPTS and after --volumeopts. A comma inside
 * an item is written {@code \,}. Any other backslash is literal, as in {@code DOMAIN\me}. Blank
 * items are ignored, as in mesos-module-dvdi.
 */
public final class CommaList {
  private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

  private CommaList() {}

  /** The items, without blanks around them. */
  public static List<String> of(String text) {
    return items(text).stream().map(String::strip).toList();
  }

  /** The items, with blanks around them, which may belong to a value. */
  static List<String> items(String text) {
    return COMMA
        .splitAsStream(text)
        .map(item -> item.replace("\\,", ","))
        .filter(item -> !item.isBlank())
        .toList();
  }
}
