// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

/**
 * What stays the same during one life.
 *
 * @param habits of the driver
 * @param volumes how many there are
 * @param faultRate a fault happens once in so many times; 0: never
 * @param killRate the agent is killed once in so many steps; 0: never
 * @param uniqueIds the kernel has unique mount IDs
 * @param scripted what goes wrong is written down, and nothing happens by itself
 */
record Setup(
    Habits habits, int volumes, int faultRate, int killRate, boolean uniqueIds, boolean scripted) {

  static Setup of(Choices choices) {
    return new Setup(
        Habits.of(choices),
        1 + choices.below(2),
        new int[] {0, 30, 8}[choices.below(3)],
        new int[] {0, 100, 30}[choices.below(3)],
        choices.below(3) < 2,
        false);
  }
}
