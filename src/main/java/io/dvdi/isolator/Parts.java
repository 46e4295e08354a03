// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.Drivers;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Owners;
import io.dvdi.log.Log;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the isolator works with: ports and configuration.
 *
 * @param world the ports to everything outside
 * @param policy what the operator configured
 * @param metrics counts of what happens
 * @param threads one for each operation under way, without a limit: each may block for a minute
 * @param timers for retries and deadlines
 * @param log for the operator
 */
public record Parts(
    World world, Policy policy, Metrics metrics, ExecutorService threads, Timers timers, Log log) {

  /**
   * The ports to everything outside.
   *
   * @param drivers that mount volumes
   * @param mounts as the kernel shows them
   * @param owners gives volumes to the users of tasks
   * @param folders makes the folders over which volumes are bind-mounted
   * @param clock ms of CLOCK_BOOTTIME
   * @param freshIds names that no agent has used before
   */
  public record World(
      Drivers drivers,
      Mounts mounts,
      Owners owners,
      Folders folders,
      LongSupplier clock,
      Supplier<String> freshIds) {}

  /**
   * Timers.
   *
   * @param pauses for retries and periodic checks; ends when the module begins to close
   * @param deadlines ends after the last deadline
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
