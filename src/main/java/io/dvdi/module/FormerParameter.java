// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Parameters of earlier versions. They are accepted with any value: an old modules.json must not
 * keep an agent from starting.
 */
enum FormerParameter {
  JAVA_MODULES("the jars are loaded from the folder 'dvdi' next to the library"),
  CLASS_ARCHIVE("the JVM does not store a class archive"),
  SANDBOX_DIRECTORY("the agent's own flag --sandbox_directory is used"),
  PLUGIN_SPECS("plugin spec files are read from /etc/docker/plugins and /usr/lib/docker/plugins"),
  PLUGIN_TIMEOUT("a task waits for a missing plugin for a tenth of mount_timeout"),
  UNMOUNT_TIMEOUT("a task's cleanup waits for its unmounts for at most mount_timeout"),
  CHECK_TIMEOUT("a file system that does not answer within 5 seconds counts as dead"),
  WATCH_INTERVAL("the volumes of running tasks are checked every 10 seconds"),
  NAME_CASE("the driver decides whether Data and data are one volume"),
  VOLUME_SLOTS("each task can request up to 32 volumes"),
  TMP_CONTAINER_PATHS("container paths below /tmp are created where only root can replace them"),
  CONTAINER_VOLUMES(
      "docker/volume mounts the volumes in ContainerInfo if it is in the agent's --isolation;"
          + " otherwise dvdi mounts them"),

  /** Of mesos-module-dvdi. */
  WORK_DIR(
      "records are stored in state_dir, and import_dvdimounts imports the mounts of"
          + " mesos-module-dvdi");

  private final String now;

  FormerParameter(String now) {
    this.now = now;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String warning() {
    return "the parameter %s is not used any more: %s. Remove it from modules.json"
        .formatted(key(), now);
  }

  static Optional<FormerParameter> of(String key) {
    return Arrays.stream(values()).filter(parameter -> parameter.key().equals(key)).findFirst();
  }
}
