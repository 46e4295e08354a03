// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a plugin behaves when nothing is scripted.
 *
 * @param users what it keeps of those who use a volume
 * @param path when Get and Path name the mountpoint
 * @param again what a first Mount does where something is mounted already
 * @param flags what it does besides
 * @param below the folder below the mount that is the mountpoint
 * @param aliases further names of volumes
 */
record Habits(
    Users users,
    Path path,
    Again again,
    Set<Flag> flags,
    Optional<String> below,
    Map<String, String> aliases) {
  enum Flag {
    /** Get shows the mount IDs in Status.Mounts. */
    ACCOUNT,
    /** Volumes are mounted read-only. */
    READ_ONLY,
    /** Names that differ only in case are one volume. */
    IGNORE_CASE,
    /** Get repeats the name that it was asked by, also if it is not the volume's own. */
    ECHO_NAMES
  }

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
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
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
        case "users", "path", "again", "below" -> values.put(parts[0], value);
        case "account" -> flags.add(Flag.ACCOUNT);
        case "read-only" -> flags.add(Flag.READ_ONLY);
        case "ignore-case" -> flags.add(Flag.IGNORE_CASE);
        case "echo-names" -> flags.add(Flag.ECHO_NAMES);
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
        flags,
        Optional.ofNullable(values.get("below")),
        aliases);
  }

  boolean has(Flag flag) {
    return flags.contains(flag);
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
