// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import io.dvdi.marathon.VolumeForm;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.VolumeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A command line, understood.
 *
 * @param json whether a plan is printed as JSON
 * @param defaultDriver for volumes that name none
 * @param form the Marathon whose rules and form apply
 * @param files the apps, at least one unless the command is help
 */
record Arguments(
    Command command, boolean json, String defaultDriver, VolumeForm form, List<String> files) {
  enum Command {
    TASK,
    PLAN,
    HELP
  }

  /** The parameter default_driver of modules.json, when it is not set. */
  static final String DEFAULT_DRIVER = "rexray";

  static Arguments parse(String... words) {
    if (words.length == 0) {
      throw new UsageException("a command is missing: task, plan or help");
    }
    Command command = command(words[0]);
    Queue<String> rest = new ArrayDeque<>(List.of(words).subList(1, words.length));
    boolean json = false;
    String defaultDriver = DEFAULT_DRIVER;
    VolumeForm form = VolumeForm.DOCKER_VOLUMES;
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
        json = true;
      } else if (option.equals("--default-driver")) {
        defaultDriver = driver(value(option, word, equals, rest));
      } else if (option.equals("--modules")) {
        defaultDriver =
            ModulesFile.defaultDriver(value(option, word, equals, rest))
                .map(Arguments::driver)
                .orElse(DEFAULT_DRIVER);
      } else if (option.equals("--marathon")) {
        form = form(value(option, word, equals, rest));
      } else {
        throw new UsageException("%s has no option '%s'".formatted(words[0], word));
      }
    }
    if (files.isEmpty() && command != Command.HELP) {
      throw new UsageException(words[0] + " needs the file of an app");
    }
    return new Arguments(command, json, defaultDriver, form, List.copyOf(files));
  }

  private static Command command(String word) {
    return switch (word) {
      case "task" -> Command.TASK;
      case "plan" -> Command.PLAN;
      case "help", "--help", "-h" -> Command.HELP;
      default ->
          throw new UsageException(
              "there is no command '" + word + "'; there are task, plan and help");
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
