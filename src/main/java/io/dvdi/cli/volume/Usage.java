// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What there is, in dvdcli's words. */
final class Usage {
  private final String program;

  /**
   * @param program as it was called
   */
  Usage(String program) {
    this.program = program;
  }

  /** For help. */
  String help(Optional<Command> command) {
    return command.map(Command::text).orElse(program + ":\n  A Docker Volume Driver CLI")
        + "\n\n"
        + of(command);
  }

  String of(Optional<Command> command) {
    return command.map(this::ofCommand).orElseGet(this::ofAll);
  }

  private String ofAll() {
    String commands =
        Arrays.stream(Command.values())
            .map(command -> "  %-11s %s\n".formatted(command.word(), command.text()))
            .collect(Collectors.joining());
    return """
    Usage:
      %1$s [flags]
      %1$s [command]

    Available Commands:
    %2$s
    Flags:
    %3$s
    Use "%1$s [command] --help" for more information about a command.
    """
        .formatted(program, commands, flags(Flag::isGlobal));
  }

  private String ofCommand(Command command) {
    String own = flags(flag -> !flag.isGlobal() && flag.belongsTo(command));
    return "Usage:\n  %s %s [flags]\n\n%sGlobal Flags:\n%s"
        .formatted(
            program,
            command.word(),
            own.isEmpty() ? "" : "Flags:\n" + own + "\n",
            flags(Flag::isGlobal));
  }

  private static String flags(Predicate<Flag> which) {
    return Arrays.stream(Flag.values())
        .filter(which)
        .map(flag -> flag.usage() + "\n")
        .collect(Collectors.joining());
  }
}
