// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A volume that a task asks for.
 *
 * @param path where the task sees it
 */
record TaskVolume(
    String driver, String name, String path, Map<String, String> options, boolean readOnly) {

  /** How a task asks for its volumes. */
  enum Form {
    /** Volumes of type DOCKER_VOLUME, as Marathon sends them since 1.3. */
    CONTAINER_INFO,
    /** Variables {@code DVDI_VOLUME_…}. */
    VARIABLES
  }

  static TaskVolume of(String driver, String name, String path) {
    return new TaskVolume(driver, name, path, Map.of(), false);
  }

  TaskVolume option(String key, String value) {
    Map<String, String> all = new TreeMap<>(options);
    all.put(key, value);
    return new TaskVolume(driver, name, path, all, readOnly);
  }

  TaskVolume at(String otherPath) {
    return new TaskVolume(driver, name, otherPath, options, readOnly);
  }

  TaskVolume asReadOnly() {
    return new TaskVolume(driver, name, path, options, true);
  }

  /** A message Volume. */
  ObjectNode containerVolume() {
    ObjectNode volume = Json.object();
    volume.put("container_path", path).put("mode", readOnly ? "RO" : "RW");
    ObjectNode docker =
        volume.putObject("source").put("type", "DOCKER_VOLUME").putObject("docker_volume");
    docker.put("driver", driver).put("name", name);
    if (!options.isEmpty()) {
      ArrayNode parameters = docker.putObject("driver_options").putArray("parameter");
      options.forEach((key, value) -> parameters.addObject().put("key", key).put("value", value));
    }
    return volume;
  }

  /** The variables of slot 0 to 9. */
  Map<String, String> variables(int slot) {
    if (readOnly) {
      throw new IllegalArgumentException("no variable says that a volume is read-only");
    }
    Map<String, String> variables = new TreeMap<>();
    variables.put("DVDI_VOLUME_NAME" + slot, name);
    variables.put("DVDI_VOLUME_DRIVER" + slot, driver);
    variables.put("DVDI_VOLUME_CONTAINERPATH" + slot, path);
    if (!options.isEmpty()) {
      variables.put("DVDI_VOLUME_OPTS" + slot, commaList(options));
    }
    return variables;
  }

  private static String commaList(Map<String, String> options) {
    List<String> items =
        options.entrySet().stream()
            .map(option -> option.getKey() + "=" + option.getValue().replace(",", "\\,"))
            .toList();
    return items.stream().collect(Collectors.joining(","));
  }
}
