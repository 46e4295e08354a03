// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import java.util.Set;
import java.util.function.Supplier;

/** Serves drivers that are not built in, under the names by which they are found on this host. */
public interface DriverService extends VolumeDriver {
  /** What records and the parameter volume_service call it. */
  String kind();

  /**
   * Whether it serves this name.
   *
   * @param deadline until which it waits for a driver that may be restarting
   */
  boolean serves(String name, Deadline deadline);

  /**
   * The one name for the driver that is found by this one, as {@link Drivers#nameOf}.
   *
   * @param onRecord the names of drivers that may have volumes mounted; they are kept
   */
  default String nameOf(String written, Supplier<Set<String>> onRecord) {
    return written;
  }

  /** Whether both names find the same driver now. Neither becomes the one name for it. */
  default boolean isSame(String name, String other) {
    return name.equals(other);
  }

  /** Where it has looked for this name, for messages: {@code no plugin (sockets …)}. */
  String missing(String name);

  /** What makes it serve a name, for messages: {@code start its plugin}. */
  String remedy();
}
