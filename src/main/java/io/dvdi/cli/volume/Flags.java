// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line, understood as dvdcli does: flags and the command in any order, {@code --flag
 * value} and {@code --flag=value}, the last one counts.
 *
 * @param command absent if no command was given, or an unknown one; that is the first surplus word
 * @param help whether the help text was asked for
 * @param volume what the flags say about the volume
 * @param timeout for the whole command
 * @param surplus words that have no meaning here
 */
record Flags(
    Optional<Command> command,
    boolean help,
    Volume volume,
    Duration timeout,
    List<String> surplus) {

  /**
   * A volume, and how it is mounted.
   *
   * @param driver empty: not given
   * @param name empty: not given
   * @param mustExist do not create it
   * @param mountId absent: not given
   */
  record Volume(
      String driver, String name, Options options, boolean mustExist, Optional<String> mountId) {}

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");

  /** As Go's strconv.ParseBool has them. */
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");

  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  /** The values of the flags, each as often as it was given. */
  private static final class Values {
    final Map<Flag, List<String>> given = new EnumMap<>(Flag.class);

    void add(Flag flag, String value) {
      given.computeIfAbsent(flag, any -> new ArrayList<>()).add(value);
    }

    List<String> all(Flag flag) {
      return given.getOrDefault(flag, List.of());
    }

    Optional<String> last(Flag flag) {
      List<String> values = all(flag);
      return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }
  }

  static Flags parse(String... words) throws FlagException {
    Values values = new Values();
    List<String> plain = new ArrayList<>();
    Queue<String> rest = new ArrayDeque<>(List.of(words));
    while (!rest.isEmpty()) {
      String word = rest.remove();
      if (word.equals("--")) {
        plain.addAll(rest);
        rest.clear();
      } else if (!word.startsWith("-") || word.equals("-")) {
        plain.add(word);
      } else {
        parse(word, rest, values, about(plain));
      }
    }
    boolean help = values.last(Flag.HELP).map(TRUE::contains).orElse(false);
    if (!plain.isEmpty() && plain.getFirst().equals("help")) {
      help = true;
      plain.removeFirst();
    }
    Optional<Command> command = about(plain);
    if (command.isPresent()) {
      refuseForeign(command.get(), values);
    }
    return new Flags(
        command,
        help,
        new Volume(
            values.last(Flag.VOLUMEDRIVER).orElse(""),
            values.last(Flag.VOLUMENAME).orElse(""),
            options(command, values.all(Flag.VOLUMEOPTS)),
            values.last(Flag.EXPLICITCREATE).map(TRUE::contains).orElse(false),
            values.last(Flag.MOUNTID)),
        timeout(command, values.last(Flag.TIMEOUT)),
        plain.stream().skip(command.isPresent() ? 1 : 0).toList());
  }

  private static Optional<Command> about(List<String> plain) {
    return plain.isEmpty() ? Optional.empty() : Command.of(plain.getFirst());
  }

  private static void parse(
      String word, Queue<String> rest, Values values, Optional<Command> command)
      throws FlagException {
    if (word.equals("-h")) {
      values.add(Flag.HELP, "true");
      return;
    }
    if (!word.startsWith("--")) {
      throw new FlagException(
          command, "unknown shorthand flag: '%s' in %s".formatted(word.charAt(1), word));
    }
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    Flag flag =
        Flag.of(name.substring(2))
            .orElseThrow(() -> new FlagException(command, "unknown flag: " + name));
    String value = equals < 0 ? null : word.substring(equals + 1);
    if (flag.isBoolean()) {
      value = value == null ? "true" : value;
      if (!TRUE.contains(value) && !FALSE.contains(value)) {
        throw new FlagException(
            command, "invalid argument \"%s\" for %s; write true or false".formatted(value, name));
      }
    } else if (value == null) {
      value = rest.poll();
      if (value == null) {
        throw new FlagException(command, "flag needs an argument: " + name);
      }
    }
    values.add(flag, value);
  }

  private static void refuseForeign(Command command, Values values) throws FlagException {
    for (Flag flag : values.given.keySet()) {
      if (!flag.belongsTo(command)) {
        throw new FlagException(Optional.of(command), "unknown flag: --" + flag.word());
      }
    }
  }

  private static Options options(Optional<Command> command, List<String> lists)
      throws FlagException {
    try {
      return Options.parseLast("--volumeopts", String.join(",", lists));
    } catch (InvalidRequestException e) {
      throw new FlagException(command, String.valueOf(e.getMessage()));
    }
  }

  private static Duration timeout(Optional<Command> command, Optional<String> text)
      throws FlagException {
    if (text.isEmpty()) {
      return TIMEOUT;
    }
    Matcher matcher = DURATION.matcher(text.get());
    long count = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    if (count == 0) {
      throw new FlagException(
          command,
          "invalid argument \"%s\" for --timeout; write a number and ms, s, m or h, such as 90s"
              .formatted(text.get()));
    }
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
