// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.function.UnaryOperator;

/**
 * What the operator decides about the way in which tasks ask for volumes.
 *
 * @param defaultDriver for a request that names no driver
 * @param lenient pass over variables that ask for nothing, as mesos-module-dvdi does, rather than
 *     refuse the task
 * @param identity which volume is meant by a driver and a name as written
 */
public record RequestRules(
    String defaultDriver, boolean lenient, UnaryOperator<VolumeId> identity) {
  /**
   * How many volumes a task may ask for, and so how many slots the variables have. Each volume is
   * mounted on a thread of its own.
   */
  public static final int SLOTS = 32;

  /** The rules where the operator has decided nothing. */
  public static RequestRules strict(String defaultDriver) {
    return new RequestRules(defaultDriver, false, UnaryOperator.identity());
  }
}
