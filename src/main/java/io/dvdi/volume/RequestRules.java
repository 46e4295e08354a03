// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.function.UnaryOperator;

/**
 * The operator's rules for requests.
 *
 * @param defaultDriver the driver for requests that name none
 * @param lenient whether to ignore variables that request nothing, as mesos-module-dvdi does,
 *     instead of refusing the task
 * @param identity maps a driver and a name, as written, to the volume that they mean
 */
public record RequestRules(
    String defaultDriver, boolean lenient, UnaryOperator<VolumeId> identity) {
  /**
   * The maximum number of volumes of a task, and of slots for variables. Each volume is mounted on
   * a thread of its own.
   */
  public static final int SLOTS = 32;

  /** The default rules, with this default driver. */
  public static RequestRules strict(String defaultDriver) {
    return new RequestRules(defaultDriver, false, UnaryOperator.identity());
  }
}
