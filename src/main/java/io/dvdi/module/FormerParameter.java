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
  JAVA_MODULES("the jars are taken from the folder 'dvdi' beside the library"),
  CLASS_ARCHIVE("the JVM keeps no archive of its classes"),
  SANDBOX_DIRECTORY("the agent's own flag --sandbox_directory is used"),
  PLUGIN_SPECS("plugins are described in /etc/docker/plugins and /usr/lib/docker/plugins"),
  PLUGIN_TIMEOUT("a missing plugin is waited for during a tenth of mount_timeout"),
  UNMOUNT_TIMEOUT("the end of a task waits for its unmounts as long as mount_timeout says"),
  CHECK_TIMEOUT("a file system that does not answer within 5 seconds counts as dead"),
  WATCH_INTERVAL("the volumes of running tasks are checked every 10 seconds"),
  NAME_CASE("the driver decides whether Data and data are one volume"),
  VOLUME_SLOTS("each task may ask for up to 32 volumes"),
  TMP_CONTAINER_PATHS("container paths below /tmp are made where only root can replace them"),
  CONTAINER_VOLUMES(
      "volumes of ContainerInfo are left to docker/volume if the agent's --isolation has it, and"
          + " are mounted by dvdi otherwise"),

  /** Of mesos-module-dvdi. */
  WORK_DIR(
      "records are kept in state_dir, and import_dvdimounts takes over what mesos-module-dvdi has"
          + " mounted");

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
