// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

/**
 * An Unmount that was refused is not sent again before a pause, which is longer after each refusal
 * in a row, up to a limit.
 */
final class RetryChecks {
  private final World world;
  private final int[] refusals = new int[2];
  private final long[] refusedAt = new long[2];
  private final int[] agents = new int[2];

  RetryChecks(World world) {
    this.world = world;
  }

  void refused(int v, int agent) {
    if (agents[v] != agent) {
      forget(v);
      agents[v] = agent;
    }
    refusals[v]++;
    refusedAt[v] = world.now();
  }

  /** It was unmounted, a container has it, or there is no record any more. */
  void forget(int v) {
    refusals[v] = 0;
  }

  void sending(int v, int agent) {
    if (refusals[v] == 0 || agents[v] != agent) {
      return;
    }
    long pause = Math.min(World.FIRST_RETRY << Math.min(20, refusals[v] - 1), World.LONGEST_RETRY);
    if (world.now() < refusedAt[v] + pause) {
      throw world.checks.broken("an Unmount is sent again too soon", v);
    }
  }
}
