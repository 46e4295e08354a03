// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.Drivers;
import io.dvdi.log.Log;
import io.dvdi.mount.Mounts;
import io.dvdi.mount.Owners;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What the isolator works with: the ports, and what the operator decided.
 *
 * @param world the ports to everything outside
 * @param policy what the operator decided
 * @param metrics counts of what happens
 * @param threads one for each operation under way, without a limit: any of them may block for a
 *     minute
 * @param timers that bring moments
 * @param log for the operator
 */
public record Parts(
    World world, Policy policy, Metrics metrics, ExecutorService threads, Timers timers, Log log) {

  /**
   * The ports to everything outside.
   *
   * @param drivers that mount
   * @param mounts as the kernel shows them
   * @param owners gives volumes to the users of tasks
   * @param folders makes the folders that volumes are bound over
   * @param clock ms of CLOCK_BOOTTIME
   */
  public record World(
      Drivers drivers, Mounts mounts, Owners owners, Folders folders, LongSupplier clock) {}

  /**
   * Timers.
   *
   * @param pauses for what is tried again; ends when the module begins to close
   * @param deadlines for what is to happen at a deadline; ends after the last of them
   */
  public record Timers(ScheduledExecutorService pauses, ScheduledExecutorService deadlines) {}

  Drivers drivers() {
    return world.drivers();
  }

  Mounts mounts() {
    return world.mounts();
  }

  ScheduledExecutorService timer() {
    return timers.pauses();
  }

  long now() {
    return world.clock().getAsLong();
  }
}
