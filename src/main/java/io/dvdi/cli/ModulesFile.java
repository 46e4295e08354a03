// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.dvdi.marathon.InvalidAppException;
import io.dvdi.marathon.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** The modules.json of an agent. What is wrong with its contents is for the agent to say. */
final class ModulesFile {
  private static final Set<String> NAMES =
      Set.of(
          "com_emccode_mesos_DockerVolumeDriverIsolator",
          "com_emc_mesos_DockerVolumeDriverIsolator");

  private ModulesFile() {}

  /** The isolator's parameter default_driver, if it is set. */
  static Optional<String> defaultDriver(String file) {
    JsonNode root;
    try {
      root = Json.parse(AppFile.read(file));
    } catch (InvalidAppException e) {
      throw new UsageException(file + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UsageException(file + ": cannot be read: " + AppFile.reason(e));
    }
    for (JsonNode library : root.path("libraries")) {
      for (JsonNode module : library.path("modules")) {
        if (NAMES.contains(module.path("name").asText())) {
          for (JsonNode parameter : module.path("parameters")) {
            if (parameter.path("key").asText().equals("default_driver")) {
              return Optional.ofNullable(parameter.path("value").textValue());
            }
          }
        }
      }
    }
    return Optional.empty();
  }
}
