// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import io.dvdi.marathon.App;
import io.dvdi.marathon.Command;
import io.dvdi.marathon.InvalidAppException;
import io.dvdi.marathon.Task;
import io.dvdi.volume.ContainerVolume;
import java.util.List;
import java.util.Map;

/** What dvdi-agent reads on its standard input; src/main/c/agent/input.h describes it. */
final class AgentInput {
  /**
   * The task's ID, with what the agent puts behind it, becomes the name of a folder (NAME_MAX is
   * 255).
   */
  private static final int LONGEST_ID = 200;

  private final StringBuilder text = new StringBuilder();

  /** The isolator, and where the agent keeps its containers. */
  AgentInput(AgentOptions options) {
    line("library", options.library());
    entries("parameter", options.parameters());
    line("work_dir", options.workDir());
    options.endAfter().ifPresent(time -> line("end_after", String.valueOf(time.toMillis())));
  }

  /**
   * Adds a task.
   *
   * @throws InvalidAppException if the embedded agent cannot run it
   */
  void add(Task task) {
    App app = task.app();
    if (!app.remarks().onlyMesos().isEmpty()) {
      throw new InvalidAppException(app.remarks().onlyMesos().getFirst());
    }
    String id = app.id().taskId();
    if (id.length() > LONGEST_ID) {
      throw new InvalidAppException(
          "id has %d characters; the embedded agent takes at most %d"
              .formatted(id.length(), LONGEST_ID));
    }
    line("task", id);
    app.user().filter(user -> !user.equals("root")).ifPresent(user -> line("user", user));
    switch (app.command().orElseThrow()) {
      case Command.Shell shell -> command("/bin/sh", List.of("sh", "-c", shell.line()));
      case Command.Program program -> command(program.arguments().getFirst(), program.arguments());
    }
    entries("variable", task.environment());
    task.volumes().forEach(this::volume);
  }

  private void command(String program, List<String> arguments) {
    line("program", program);
    arguments.forEach(argument -> line("argument", argument));
  }

  private void volume(ContainerVolume volume) {
    line("volume", volume.name());
    volume.driver().ifPresent(driver -> line("driver", driver));
    line("path", volume.containerPath());
    line("read_only", volume.readOnly() ? "1" : "0");
    entries("option", volume.options());
  }

  private void entries(String key, List<Map.Entry<String, String>> entries) {
    for (Map.Entry<String, String> entry : entries) {
      line(key, entry.getKey());
      line("value", entry.getValue());
    }
  }

  private void line(String key, String value) {
    text.append(key)
        .append('=')
        .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
        .append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
