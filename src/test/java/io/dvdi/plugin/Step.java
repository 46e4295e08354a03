// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A step of what a plugin does when it is called. */
sealed interface Step {
  record Wait(Duration time) implements Step {}

  /** Waits for the command {@code go NAME}. */
  record Until(String name) implements Step {}

  /** Does what the caller wants. */
  record Do() implements Step {}

  /** Forgets that the caller uses the volume, and changes no mount. */
  record Forget() implements Step {}

  /**
   * Answers as it was done, or with success if nothing was.
   *
   * @param mountpoint to give instead of the real one
   */
  record Answer(Optional<String> mountpoint) implements Step {}

  record Refuse(String words) implements Step {}

  /**
   * Sends these bytes as they are, and closes the connection.
   *
   * @param text with the escapes \r, \n and \\, and \xN(TEXT) for N times TEXT
   */
  record Send(String text) implements Step {
    private static final Pattern ESCAPE =
        Pattern.compile("\\\\(?:([rn\\\\])|x([0-9]+)\\(([^)]*)\\))");

    byte[] bytes() {
      return ESCAPE
          .matcher(text)
          .replaceAll(
              escape -> {
                String letter = escape.group(1);
                String meant =
                    letter == null
                        ? escape.group(3).repeat(Integer.parseInt(escape.group(2)))
                        : letter.replace('r', '\r').replace('n', '\n');
                return Matcher.quoteReplacement(meant);
              })
          .getBytes(UTF_8);
    }
  }

  /** Closes the connection; later steps are taken all the same. */
  record Drop() implements Step {}

  record Hang() implements Step {}

  static Step parse(String text) {
    String[] parts = text.strip().split(" +", 2);
    Optional<String> rest = parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
    return switch (parts[0]) {
      case "wait" -> new Wait(duration(needed(text, rest)));
      case "until" -> new Until(needed(text, rest));
      case "do" -> new Do();
      case "forget" -> new Forget();
      case "answer" -> new Answer(rest);
      case "refuse" -> new Refuse(needed(text, rest));
      case "send" -> new Send(needed(text, rest));
      case "drop" -> new Drop();
      case "hang" -> new Hang();
      default -> throw new IllegalArgumentException("there is no step '%s'".formatted(text));
    };
  }

  private static String needed(String text, Optional<String> rest) {
    return rest.orElseThrow(
        () -> new IllegalArgumentException("the step '%s' lacks a word".formatted(text.strip())));
  }

  private static Duration duration(String text) {
    try {
      return text.endsWith("ms")
          ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
          : Duration.ofSeconds(Long.parseLong(text.replaceFirst("s$", "")));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is no time such as 3s or 200ms".formatted(text), e);
    }
  }
}
