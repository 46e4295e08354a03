// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The flags that this mesos-agent was started with. Mesos tells its modules none of them.
 *
 * @param arguments of the process
 * @param environment in which a flag may be as well, MESOS_NAME
 */
record AgentFlags(List<String> arguments, Map<String, String> environment) {
  private static final String FILE = "file://";

  /** The embedded agent has no such flags, whatever is set in the shell that it is started from. */
  private static final String EMBEDDED = "dvdi-agent";

  AgentFlags {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  static AgentFlags ofThisProcess() throws IOException {
    // Each argument ends with a NUL, see proc(5). Files.readString refuses what is no UTF-8.
    String line = new String(Files.readAllBytes(Path.of("/proc/self/cmdline")), UTF_8);
    return new AgentFlags(Arrays.asList(line.split("\0", -1)), System.getenv());
  }

  /** The value of a flag; of one that is given twice, the last. */
  Optional<String> value(String name) {
    if (!arguments.isEmpty() && arguments.getFirst().endsWith(EMBEDDED)) {
      return Optional.empty();
    }
    String start = "--" + name + "=";
    return arguments.stream()
        .filter(argument -> argument.startsWith(start))
        .map(argument -> argument.substring(start.length()))
        .reduce((first, second) -> second)
        .or(() -> Optional.ofNullable(environment.get("MESOS_" + name.toUpperCase(Locale.ROOT))))
        .map(AgentFlags::content);
  }

  /** Mesos takes the value of any flag from a file, see fetch.hpp in stout's flags. */
  private static String content(String value) {
    if (!value.startsWith(FILE)) {
      return value;
    }
    try {
      return Files.readString(Path.of(value.substring(FILE.length()))).strip();
    } catch (IOException | InvalidPathException e) {
      return value; // the agent has said so itself, or the file is gone since
    }
  }

  /** Whether the value of a flag is a comma list that has an item. */
  boolean lists(String name, String item) {
    return Arrays.stream(value(name).orElse("").split(",", -1))
        .map(String::strip)
        .anyMatch(item::equals);
  }
}
