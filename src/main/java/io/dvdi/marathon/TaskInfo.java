// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.volume.ContainerVolume;
import java.util.Map;

/**
 * A task in the JSON of Mesos' TaskInfo (mesos.proto): those of its fields that are known before
 * there is an offer.
 */
public final class TaskInfo {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private TaskInfo() {}

  /**
   * Makes the JSON of a task.
   *
   * @throws InvalidAppException if the embedded agent cannot run the task
   */
  public static ObjectNode of(Task task) {
    App app = task.app();
    if (!app.onlyMesos().isEmpty()) {
      throw new InvalidAppException(app.onlyMesos().getFirst());
    }
    ObjectNode info = NODES.objectNode();
    info.put("name", app.id().taskName());
    info.putObject("task_id").put("value", app.id().taskId());
    info.set("command", command(task));
    if (app.hasContainer()) {
      info.set("container", container(task));
    }
    return info;
  }

  private static ObjectNode command(Task task) {
    ObjectNode info = NODES.objectNode();
    switch (task.app().command().orElseThrow()) {
      case Command.Shell shell -> info.put("value", shell.line()).put("shell", true);
      case Command.Program program -> {
        // Mesos runs `value`, and hands over `arguments` whole, the program's name included.
        info.put("value", program.arguments().getFirst()).put("shell", false);
        ArrayNode arguments = info.putArray("arguments");
        program.arguments().forEach(arguments::add);
      }
    }
    task.app().user().ifPresent(user -> info.put("user", user));
    if (!task.environment().isEmpty()) {
      ArrayNode variables = info.putObject("environment").putArray("variables");
      for (Map.Entry<String, String> variable : task.environment()) {
        variables.addObject().put("name", variable.getKey()).put("value", variable.getValue());
      }
    }
    return info;
  }

  private static ObjectNode container(Task task) {
    ObjectNode info = NODES.objectNode().put("type", "MESOS");
    if (!task.volumes().isEmpty()) {
      ArrayNode volumes = info.putArray("volumes");
      task.volumes().forEach(volume -> volumes.add(volume(volume)));
    }
    return info;
  }

  private static ObjectNode volume(ContainerVolume volume) {
    ObjectNode info = NODES.objectNode();
    info.put("container_path", volume.containerPath());
    info.put("mode", volume.readOnly() ? "RO" : "RW");
    ObjectNode docker =
        info.putObject("source").put("type", "DOCKER_VOLUME").putObject("docker_volume");
    volume.driver().ifPresent(driver -> docker.put("driver", driver));
    docker.put("name", volume.name());
    // Absent and empty differ to a driver, says Marathon.
    if (!volume.options().isEmpty()) {
      ArrayNode parameters = docker.putObject("driver_options").putArray("parameter");
      for (Map.Entry<String, String> option : volume.options()) {
        parameters.addObject().put("key", option.getKey()).put("value", option.getValue());
      }
    }
    return info;
  }
}
