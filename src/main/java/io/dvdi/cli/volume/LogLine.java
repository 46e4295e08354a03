// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * A line of log as dvdcli's logrus writes it where standard error is no terminal, the blank at its
 * end included: {@code time="…" level=error msg="…" volumeName=v1 }. Scripts take it apart.
 */
final class LogLine {
  private final StringBuilder line = new StringBuilder();

  /**
   * @param level info, warning or error
   */
  LogLine(OffsetDateTime time, String level, String message) {
    with(
        "time",
        time.truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    with("level", level);
    with("msg", message);
  }

  LogLine with(String key, String value) {
    line.append(key).append('=');
    if (isPlain(value)) {
      line.append(value);
    } else {
      quote(value);
    }
    line.append(' ');
    return this;
  }

  /** See needsQuoting in logrus' text_formatter.go, which means the opposite. */
  private static boolean isPlain(String text) {
    return text.chars()
        .allMatch(
            c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.');
  }

  /** As Go's strconv.Quote. */
  private void quote(String text) {
    line.append('"');
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"', '\\' -> line.append('\\').appendCodePoint(c);
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                  if (Character.isISOControl(c)) {
                    line.append("\\x%02x".formatted(c));
                  } else {
                    line.appendCodePoint(c);
                  }
                }
              }
            });
    line.append('"');
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
