// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

/**
 * Why a volume could not be released, for the operator. No decision depends on it.
 *
 * @param since the first failure, in ms of CLOCK_BOOTTIME
 * @param times how often it has failed
 * @param words the last failure, in the driver's own words if there are any
 */
public record Trouble(long since, int times, String words) {
  /** Nothing has failed. */
  public static final Trouble NONE = new Trouble(0, 0, "");

  Trouble andNow(long now, String again) {
    return new Trouble(times == 0 ? now : since, times + 1, again);
  }
}
