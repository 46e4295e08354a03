// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.function.UnaryOperator;

/**
 * What the operator decides about the way in which tasks ask for volumes.
 *
 * @param defaultDriver for a request that names no driver
 * @param slots how many slots the variables have, 0 included
 * @param lenient pass over variables that ask for nothing, as mesos-module-dvdi does, rather than
 *     refuse the task
 * @param identity which volume is meant by a driver and a name as written
 */
public record RequestRules(
    String defaultDriver, int slots, boolean lenient, UnaryOperator<VolumeId> identity) {
  /** One digit, as mesos-module-dvdi has it. */
  public static final int SLOTS = 10;

  /** As many as a task may have volumes. */
  public static final int MOST_SLOTS = 32;

  /** The rules where the operator has decided nothing. */
  public static RequestRules strict(String defaultDriver) {
    return new RequestRules(defaultDriver, SLOTS, false, UnaryOperator.identity());
  }
}
