// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;

/**
 * What the embedded agent is told on its standard input (src/main/c/agent/input.h), from the JSON
 * of Mesos' TaskInfo, which is what version 0.1.0 reads.
 */
final class TaskLines {
  private final StringBuilder text = new StringBuilder();

  /** The isolator. */
  TaskLines(String library, Map<String, String> parameters, String workDir) {
    line("library", library).line("work_dir", workDir);
    parameters.forEach((key, value) -> line("parameter", key).line("value", value));
  }

  TaskLines line(String key, String value) {
    text.append(key)
        .append('=')
        .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
        .append('\n');
    return this;
  }

  /** A task, an array of tasks, or lines as they are. */
  void add(String tasks) {
    if (tasks.startsWith("task=")) {
      text.append(tasks);
      return;
    }
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(tasks);
    } catch (IOException e) {
      throw new AssertionError(tasks, e);
    }
    if (root.isArray()) {
      root.forEach(this::task);
    } else {
      task(root);
    }
  }

  private void task(JsonNode info) {
    line("task", info.at("/task_id/value").textValue());
    JsonNode command = info.get("command");
    if (command.has("user")) {
      line("user", command.get("user").textValue());
    }
    if (command.path("shell").asBoolean(true)) {
      line("program", "/bin/sh").line("argument", "sh").line("argument", "-c");
      line("argument", command.get("value").textValue());
    } else {
      line("program", command.get("value").textValue());
      command.get("arguments").forEach(argument -> line("argument", argument.textValue()));
    }
    for (JsonNode variable : command.at("/environment/variables")) {
      line("variable", variable.get("name").textValue());
      line("value", variable.get("value").textValue());
    }
    info.at("/container/volumes").forEach(this::volume);
  }

  private void volume(JsonNode info) {
    JsonNode source = info.at("/source/docker_volume");
    line("volume", source.get("name").textValue());
    if (source.has("driver")) {
      line("driver", source.get("driver").textValue());
    }
    line("path", info.get("container_path").textValue());
    line("read_only", info.path("mode").asText("RW").equals("RO") ? "1" : "0");
    for (JsonNode option : source.at("/driver_options/parameter")) {
      line("option", option.get("key").textValue()).line("value", option.get("value").textValue());
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
