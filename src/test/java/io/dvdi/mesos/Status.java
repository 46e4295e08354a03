// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * What a framework is told of a task.
 *
 * @param state TASK_RUNNING and so on
 * @param reason of mesos.proto, or empty
 * @param message for a person, or empty
 * @param container the ID of the container that the task is in, or empty
 */
record Status(String state, String reason, String message, String container) {
  private static final Set<String> ALIVE =
      Set.of("TASK_STAGING", "TASK_STARTING", "TASK_RUNNING", "TASK_KILLING");

  static Status of(JsonNode status) {
    return new Status(
        status.path("state").asText(),
        status.path("reason").asText(),
        status.path("message").asText(),
        status.path("container_status").path("container_id").path("value").asText());
  }

  boolean isLast() {
    return !ALIVE.contains(state);
  }
}
