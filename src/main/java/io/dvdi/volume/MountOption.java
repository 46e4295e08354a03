// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A mount option, as after -o of mount(8) and as in the kernel's mount table. A list of options is
 * separated by commas, and an option cannot contain a comma.
 *
 * @param value absent if the option is a single word; may be secret
 */
public record MountOption(String name, Optional<String> value) {

  /** Parses a comma-separated list. Blank items are ignored. */
  public static List<MountOption> list(String text) {
    return Arrays.stream(text.split(",", -1))
        .filter(item -> !item.isBlank())
        .map(MountOption::of)
        .toList();
  }

  private static MountOption of(String item) {
    int equals = item.indexOf('=');
    return equals < 0
        ? new MountOption(item, Optional.empty())
        : new MountOption(item.substring(0, equals), Optional.of(item.substring(equals + 1)));
  }

  /** Whether a list contains this word as an option without a value. */
  public static boolean has(List<MountOption> options, String word) {
    return options.stream().anyMatch(option -> option.text().equals(word));
  }

  /** The option as it is written. May be secret. */
  public String text() {
    return value.map(text -> name + "=" + text).orElse(name);
  }

  /** Masked: a single word may be the rest of a secret that contains a comma. */
  @Override
  public String toString() {
    return "***";
  }
}
