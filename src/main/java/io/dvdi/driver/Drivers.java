// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.InvalidRequestException;

/** Which driver serves a driver name. */
public interface Drivers {
  /**
   * Finds the driver.
   *
   * @throws InvalidRequestException if there is none, or if the operator does not allow it; says
   *     which there are
   */
  VolumeDriver named(String name);

  /** How a driver is reached that {@link #named} has given: kept with what it mounts. */
  String kindOf(VolumeDriver driver);

  /**
   * The driver for what was mounted through one: the same, whatever would be found now. A plugin
   * counts users, or IDs; it has to hear of the end from whom it heard of the start.
   *
   * @param kind as {@link #kindOf} gave it
   * @throws InvalidRequestException if there is no such kind
   */
  VolumeDriver ofKind(String kind);
}
