// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import java.util.Set;
import java.util.function.Supplier;

/** Finds the driver that serves a driver name. Thread-safe. */
public interface Drivers {
  /**
   * Finds the driver. May wait for a plugin that is restarting.
   *
   * @throws InvalidRequestException if there is none; the message says where it was searched
   */
  VolumeDriver named(String name);

  /**
   * The canonical name of a driver. Some drivers can be found by several names, and their volumes
   * are shared under all of them.
   *
   * @param written the name in a request
   * @param onRecord the names of drivers that may have volumes mounted; these names are kept
   * @throws InvalidRequestException if the operator does not allow the driver; the message says
   *     which are allowed
   */
  String nameOf(String written, Supplier<Set<String>> onRecord);

  /**
   * Whether the driver may hand out directories of the host's own file systems, since the operator
   * listed it by any of its names.
   *
   * @param name as {@link #nameOf} returned it
   */
  boolean handsOutDirectories(String name);

  /**
   * Whether set-user-ID bits and device files count in the driver's volumes, since the operator
   * listed it by any of its names.
   *
   * @param name as {@link #nameOf} returned it
   */
  boolean allowsSuid(String name);

  /**
   * The default options of the driver, which the operator set by any of its names.
   *
   * @param name as {@link #nameOf} returned it
   */
  Options defaultOptions(String name);

  /**
   * The kind of a driver that {@link #named} returned: how it is reached. It is stored in the
   * record of a volume.
   */
  String kindOf(VolumeDriver driver);

  /**
   * The driver of a volume that is on record. Unmount must go to the client that mounted, because a
   * plugin counts users or keeps their IDs. So this is independent of what {@link #named} would
   * return now.
   *
   * @param kind as {@link #kindOf} returned it
   * @throws InvalidRequestException if there is no such kind
   */
  VolumeDriver ofKind(String kind);
}
