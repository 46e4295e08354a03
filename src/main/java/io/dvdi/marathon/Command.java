// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import io.dvdi.volume.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an app runs. */
public sealed interface Command {
  /** {@code cmd}: a line for the shell. */
  record Shell(String line) implements Command {}

  /**
   * {@code args}: a program that is started without a shell.
   *
   * @param arguments the program first
   */
  record Program(List<String> arguments) implements Command {
    public Program {
      arguments = List.copyOf(arguments);
    }
  }

  /** The command of an app; absent: that of its image. */
  static Optional<Command> of(JsonField app) {
    Optional<Command> shell = app.find("cmd").map(Command::shell);
    Optional<Command> program = app.find("args").flatMap(Command::program);
    if (shell.isPresent() && program.isPresent()) {
      throw app.invalid("has both cmd and args; keep one");
    }
    if (shell.isEmpty() && program.isEmpty() && app.find("container").isEmpty()) {
      throw app.invalid("has neither cmd nor args; write what to run in one of them");
    }
    return shell.or(() -> program);
  }

  private static Command shell(JsonField cmd) {
    String line = cmd.text();
    if (line.isBlank()) {
      throw cmd.invalid("is %s; write the command to run".formatted(Text.quote(line)));
    }
    return new Shell(line);
  }

  private static Optional<Command> program(JsonField args) {
    List<String> arguments = new ArrayList<>();
    for (JsonField argument : args.elements()) {
      arguments.add(argument.text());
    }
    if (arguments.isEmpty()) {
      return Optional.empty();
    }
    if (arguments.getFirst().isEmpty()) {
      throw args.invalid("starts with an empty string; write the program to run there");
    }
    return Optional.of(new Program(arguments));
  }
}
