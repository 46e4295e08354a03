// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import io.dvdi.marathon.VolumeForm;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line, understood.
 *
 * @param json whether a plan is printed as JSON
 * @param defaultDriver for volumes that name none
 * @param form the Marathon whose rules and form apply
 * @param agent what the embedded agent is started with; present if the command is run
 * @param files the apps, at least one unless the command is help
 */
record Arguments(
    Command command,
    boolean json,
    String defaultDriver,
    VolumeForm form,
    Optional<AgentOptions> agent,
    List<String> files) {
  enum Command {
    RUN,
    PLAN,
    HELP
  }

  /** The parameter default_driver of modules.json, when it is not set. */
  static final String DEFAULT_DRIVER = "rexray";

  private static final Duration LONGEST = Duration.ofDays(366);

  /** A duration such as 500ms or 20s. */
  private static final Pattern TIME = Pattern.compile("([0-9]{1,12})(ms|s|m|h)");

  /** Options as they were given. */
  private static final class Given {
    boolean json;
    String defaultDriver = DEFAULT_DRIVER;
    VolumeForm form = VolumeForm.DOCKER_VOLUMES;
    String modules = "";
    String library = "";
    String state = "";
    Optional<Duration> endAfter = Optional.empty();
  }

  static Arguments parse(String... words) {
    if (words.length == 0) {
      throw new UsageException("a command is missing: run, plan or help");
    }
    Command command = command(words[0]);
    Queue<String> rest = new ArrayDeque<>(List.of(words).subList(1, words.length));
    Given given = new Given();
    List<String> files = new ArrayList<>();
    while (!rest.isEmpty()) {
      String word = rest.remove();
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String option = equals < 0 ? word : word.substring(0, equals);
      if (word.equals("--")) {
        files.addAll(rest);
        rest.clear();
      } else if (!word.startsWith("-")) {
        files.add(word);
      } else if (word.equals("--help") || word.equals("-h")) {
        command = Command.HELP;
      } else if (word.equals("--json") && command == Command.PLAN) {
        given.json = true;
      } else if (!isRead(command, option, given, () -> value(option, word, equals, rest))) {
        throw new UsageException("%s has no option '%s'".formatted(words[0], word));
      }
    }
    if (files.isEmpty() && command != Command.HELP) {
      throw new UsageException(words[0] + " needs the file of an app");
    }
    return of(command, given, files);
  }

  private static boolean isRead(
      Command command, String option, Given given, Supplier<String> value) {
    switch (option) {
      case "--default-driver" -> given.defaultDriver = driver(value.get());
      case "--modules" -> given.modules = value.get();
      case "--marathon" -> given.form = form(value.get());
      default -> {
        return command == Command.RUN && isReadOfRun(option, given, value);
      }
    }
    return true;
  }

  private static boolean isReadOfRun(String option, Given given, Supplier<String> value) {
    switch (option) {
      case "--library" -> given.library = value.get();
      case "--state-dir" -> given.state = value.get();
      case "--for" -> given.endAfter = Optional.of(time(value.get()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static Arguments of(Command command, Given given, List<String> files) {
    Optional<ModulesFile> modules =
        given.modules.isEmpty() ? Optional.empty() : ModulesFile.read(given.modules);
    String driver =
        modules
            .flatMap(ModulesFile::defaultDriver)
            .map(Arguments::driver)
            .orElse(given.defaultDriver);
    Optional<AgentOptions> agent =
        command == Command.RUN ? Optional.of(agent(given, modules)) : Optional.empty();
    return new Arguments(command, given.json, driver, given.form, agent, List.copyOf(files));
  }

  private static AgentOptions agent(Given given, Optional<ModulesFile> modules) {
    if (given.state.isEmpty()) {
      throw new UsageException("run needs --state-dir");
    }
    Path state = Path.of(given.state);
    if (!given.modules.isEmpty()) {
      return AgentOptions.of(
          modules.orElseThrow(() -> ModulesFile.withoutIsolator(given.modules)),
          state,
          given.endAfter);
    }
    if (given.library.isEmpty()) {
      throw new UsageException("run needs --modules or --library");
    }
    return AgentOptions.of(given.library, state, given.endAfter);
  }

  private static Duration time(String text) {
    Matcher time = TIME.matcher(text);
    if (time.matches()) {
      long number = Long.parseLong(time.group(1));
      long unit =
          switch (time.group(2)) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60 * 1000;
            default -> 60 * 60 * 1000;
          };
      if (number > 0 && number * unit <= LONGEST.toMillis()) {
        return Duration.ofMillis(number * unit);
      }
    }
    throw new UsageException(
        "--for is '%s'; it has to be a number with its unit, such as 500ms, 20s, 5m or 2h, and at most a year"
            .formatted(text));
  }

  private static Command command(String word) {
    return switch (word) {
      case "run" -> Command.RUN;
      case "plan" -> Command.PLAN;
      case "help", "--help", "-h" -> Command.HELP;
      default ->
          throw new UsageException(
              "there is no command '" + word + "'; there are run, plan and help");
    };
  }

  private static String value(String option, String word, int equals, Queue<String> rest) {
    String value = equals >= 0 ? word.substring(equals + 1) : rest.poll();
    if (value == null || value.isEmpty()) {
      throw new UsageException("the option " + option + " needs a value");
    }
    return value;
  }

  private static String driver(String name) {
    try {
      return new VolumeId(name, "any").driver();
    } catch (InvalidRequestException e) {
      throw new UsageException("the default driver is wrong: " + e.getMessage());
    }
  }

  private static VolumeForm form(String version) {
    return VolumeForm.ofMarathon(version)
        .orElseThrow(
            () ->
                new UsageException(
                    "the option --marathon is '"
                        + version
                        + "'; it has to be 1.1 (for 1.0 and 1.1) or 1.3 (for 1.3 and later)"));
  }
}
