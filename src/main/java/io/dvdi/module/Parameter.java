// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import java.util.Arrays;
import java.util.Locale;

/** The parameters of modules.json, with their defaults; {@link DefaultOptions} are apart. */
enum Parameter {
  // The first two are read by the C entrypoint, before there is a JVM.
  JAVA_HOME(""),
  JVM_OPTIONS(""),
  STATE_DIR("/run/dvdi"),
  LOCAL_DIR("/var/lib/dvdi/local"),
  LOCAL_DEVICES(""),
  PLAIN_DIRECTORIES(""),
  SUID_DRIVERS(""),
  DEFAULT_DRIVER("rexray"),
  ALLOWED_DRIVERS(""),
  CONTAINER_PATHS("/tmp"),
  VOLUME_SERVICE("auto"),
  DVDCLI("/usr/bin/dvdcli"),
  PLUGIN_SOCKETS("/run/docker/plugins"),
  MOUNT_TIMEOUT("2mins"),
  LOST_VOLUMES("log"),
  VOLUME_OWNER("keep"),
  TASK_VARIABLES("strict"),
  IMPORT_DVDIMOUNTS(""),
  IMPORT_DOCKER_VOLUME("");

  private final String byDefault;

  Parameter(String byDefault) {
    this.byDefault = byDefault;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String byDefault() {
    return byDefault;
  }

  /**
   * @throws InvalidParameterException if there is no such key
   */
  static Parameter of(String key) {
    return Arrays.stream(values())
        .filter(parameter -> parameter.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidParameterException(
                    "the parameter '%s' in modules.json is unknown; known parameters are %s, and %s"
                        .formatted(
                            key,
                            Arrays.stream(values()).map(Parameter::key).toList(),
                            DefaultOptions.ANY_KEY)));
  }
}
