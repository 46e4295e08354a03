// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A mount option as mount(8) takes it after -o, and as the kernel shows it. A list of them has
 * commas in between, and no way to write a comma inside of an option.
 *
 * @param value absent if it is a word alone; may be secret
 */
public record MountOption(String name, Optional<String> value) {

  /** Reads a list. Blank items are dropped. */
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

  /** Whether a list has this word as an option without a value. */
  public static boolean has(List<MountOption> options, String word) {
    return options.stream().anyMatch(option -> option.text().equals(word));
  }

  /** As it is written. May be secret. */
  public String text() {
    return value.map(text -> name + "=" + text).orElse(name);
  }

  /** Masked: a word alone may be the rest of a secret that has a comma in it. */
  @Override
  public String toString() {
    return "***";
  }
}
