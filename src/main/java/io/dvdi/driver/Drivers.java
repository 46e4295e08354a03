// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.InvalidRequestException;
import java.util.Set;
import java.util.function.Supplier;

/** Which driver serves a driver name. */
public interface Drivers {
  /**
   * Finds the driver. May wait for one that is being restarted.
   *
   * @throws InvalidRequestException if there is none
   */
  VolumeDriver named(String name);

  /**
   * The one name for the driver that is found by this one: some can be found by several, and what
   * is mounted by one of them is shared by all.
   *
   * @param onRecord the names of drivers that may have volumes mounted; they are kept
   * @throws InvalidRequestException if the operator does not allow it; says which are allowed
   */
  String nameOf(String written, Supplier<Set<String>> onRecord);

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
