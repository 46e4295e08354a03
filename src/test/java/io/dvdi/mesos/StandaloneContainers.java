// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;

/** Containers of an agent that no framework asked for, by its v1 operator API. */
final class StandaloneContainers {
  private final MesosAgent agent;

  StandaloneContainers(MesosAgent agent) {
    this.agent = agent;
  }

  /** The ID of a container, or of one inside of another. */
  static ObjectNode id(String name, String... outer) {
    ObjectNode id = Json.value(name);
    for (String parent : outer) {
      id.set("parent", Json.value(parent));
    }
    return id;
  }

  /**
   * Starts a container with what a task asks for. Returns when it is started.
   *
   * @throws IOException says what the agent answered, if it was not
   */
  void launch(ObjectNode id, MesosTask task) throws IOException, InterruptedException {
    ObjectNode call = Json.object().put("type", "LAUNCH_CONTAINER");
    ObjectNode launch = call.putObject("launch_container");
    launch.set("container_id", id);
    ObjectNode info = task.info("unused");
    launch.set("command", info.path("command"));
    if (info.has("container")) {
      launch.set("container", info.path("container"));
    }
    if (!id.has("parent")) {
      launch.set("resources", info.path("resources"));
    }
    agent.call(call);
  }

  /** Waits until a container has ended and its isolators have cleaned up, for its exit status. */
  int exitStatus(ObjectNode id) throws IOException, InterruptedException {
    JsonNode answer = agent.call(about("WAIT_CONTAINER", id));
    // As wait(2) has it.
    return answer.path("wait_container").path("exit_status").asInt(-1) >> 8;
  }

  void kill(ObjectNode id) throws IOException, InterruptedException {
    agent.call(about("KILL_CONTAINER", id));
  }

  private static ObjectNode about(String type, ObjectNode id) {
    ObjectNode call = Json.object().put("type", type);
    call.putObject(type.toLowerCase(Locale.ROOT)).set("container_id", id);
    return call;
  }
}
