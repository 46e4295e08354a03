// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A command task: a shell's command line, with what it needs. */
final class MesosTask {
  private final String name;
  private final String command;
  private final Map<String, String> variables = new TreeMap<>();
  private final List<TaskVolume> containerVolumes = new ArrayList<>();
  private double cpus = 0.1;
  private double memory = 32;
  private @Nullable String user;
  private @Nullable String image;

  MesosTask(String name, String command) {
    this.name = name;
    this.command = command;
  }

  String name() {
    return name;
  }

  MesosTask variable(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  /** Asks for volumes in this form. */
  MesosTask with(TaskVolume.Form form, TaskVolume... volumes) {
    for (int i = 0; i < volumes.length; i++) {
      if (form == TaskVolume.Form.VARIABLES) {
        variables.putAll(volumes[i].variables(i));
      } else {
        containerVolumes.add(volumes[i]);
      }
    }
    return this;
  }

  MesosTask with(TaskVolume... volumes) {
    return with(TaskVolume.Form.CONTAINER_INFO, volumes);
  }

  MesosTask image(String imageName) {
    this.image = imageName;
    return this;
  }

  MesosTask user(String userName) {
    this.user = userName;
    return this;
  }

  MesosTask resources(double cpuShare, double mebibytes) {
    this.cpus = cpuShare;
    this.memory = mebibytes;
    return this;
  }

  /** The message TaskInfo. */
  ObjectNode info(String agent) {
    ObjectNode info = Json.object().put("name", name);
    info.set("task_id", Json.value(name));
    info.set("agent_id", Json.value(agent));
    info.putArray("resources").add(Json.scalar("cpus", cpus)).add(Json.scalar("mem", memory));
    ObjectNode commandInfo = info.putObject("command").put("value", command);
    if (user != null) {
      commandInfo.put("user", user);
    }
    if (!variables.isEmpty()) {
      ArrayNode list = commandInfo.putObject("environment").putArray("variables");
      variables.forEach((key, value) -> list.addObject().put("name", key).put("value", value));
    }
    if (image != null || !containerVolumes.isEmpty()) {
      ObjectNode container = info.putObject("container").put("type", "MESOS");
      if (image != null) {
        ObjectNode imageInfo = container.putObject("mesos").putObject("image");
        imageInfo.put("type", "DOCKER").putObject("docker").put("name", image);
      }
      ArrayNode volumes = container.putArray("volumes");
      containerVolumes.forEach(volume -> volumes.add(volume.containerVolume()));
    }
    return info;
  }
}
