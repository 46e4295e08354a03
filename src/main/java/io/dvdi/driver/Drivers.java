// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.InvalidRequestException;

/** Which driver serves a driver name. */
@FunctionalInterface
public interface Drivers {
  /**
   * Finds the driver.
   *
   * @throws InvalidRequestException if there is none, or if the operator does not allow it; says
   *     which there are
   */
  VolumeDriver named(String name);
}
