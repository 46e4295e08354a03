// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a plugin behaves when nothing is scripted.
 *
 * @param users what it keeps of those who use a volume
 * @param path when Get and Path name the mountpoint
 * @param again what a first Mount does where something is mounted already
 * @param account Get shows the mount IDs in Status.Mounts
 * @param readOnly volumes are mounted read-only
 * @param ignoreCase names that differ only in case are one volume
 * @param below the folder below the mount that is the mountpoint
 * @param aliases further names of volumes
 */
record Habits(
    Users users,
    Path path,
    Again again,
    boolean account,
    boolean readOnly,
    boolean ignoreCase,
    Optional<String> below,
    Map<String, String> aliases) {
  enum Users {
    IDS,
    COUNT,
    NONE
  }

  enum Path {
    ALWAYS,
    MOUNTED,
    NEVER
  }

  enum Again {
    REUSE,
    STACK,
    REFUSE
  }

  /** Takes the options off the arguments, and leaves the rest. */
  static Habits of(Deque<String> arguments) {
    Map<String, String> values = new HashMap<>();
    Map<String, String> aliases = new HashMap<>();
    Deque<String> rest = new ArrayDeque<>();
    for (String argument : arguments) {
      if (!argument.startsWith("--")) {
        rest.add(argument);
        continue;
      }
      String[] parts = argument.substring(2).split("=", 2);
      String value = parts.length == 2 ? parts[1] : "";
      switch (parts[0]) {
        case "alias" -> {
          String[] names = value.split("=", 2);
          if (names.length != 2) {
            throw new IllegalArgumentException("write --alias=NAME=VOLUME, not " + argument);
          }
          aliases.put(names[0], names[1]);
        }
        case "users", "path", "again", "account", "read-only", "ignore-case", "below" ->
            values.put(parts[0], value);
        default ->
            throw new IllegalArgumentException("there is no option " + argument + "; see --help");
      }
    }
    arguments.clear();
    arguments.addAll(rest);
    return new Habits(
        choice(Users.class, values, "users", Users.IDS),
        choice(Path.class, values, "path", Path.ALWAYS),
        choice(Again.class, values, "again", Again.REUSE),
        values.containsKey("account"),
        values.containsKey("read-only"),
        values.containsKey("ignore-case"),
        Optional.ofNullable(values.get("below")),
        aliases);
  }

  private static <E extends Enum<E>> E choice(
      Class<E> type, Map<String, String> values, String name, E unset) {
    String value = values.get(name);
    if (value == null) {
      return unset;
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(value))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--%s is one of %s, not '%s'"
                        .formatted(
                            name,
                            Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT),
                            value)));
  }
}
