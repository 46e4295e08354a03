// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import java.util.Optional;

/**
 * How Marathon tells the agent of an app's external volumes, which depends on Marathon's version.
 */
public enum VolumeForm {
  /** Marathon 1.0 and 1.1: variables of the task. */
  VARIABLES("1.1"),

  /**
   * Marathon 1.3 and later: volumes of ContainerInfo, source type DOCKER_VOLUME. The rules are
   * those of the last Marathon; 1.3 and 1.4 allowed less in places, such as no slash in a
   * containerPath before 1.5.
   */
  DOCKER_VOLUMES("1.3");

  private final String marathon;

  VolumeForm(String marathon) {
    this.marathon = marathon;
  }

  /** The form that a version of Marathon uses, as it is chosen on the command line. */
  public static Optional<VolumeForm> ofMarathon(String version) {
    for (VolumeForm form : values()) {
      if (form.marathon.equals(version)) {
        return Optional.of(form);
      }
    }
    return Optional.empty();
  }
}
