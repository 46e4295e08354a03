// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

/**
 * What keeps a volume from being released, for the operator. No decision depends on it.
 *
 * @param since when it failed first, in ms of CLOCK_BOOTTIME
 * @param times how often it has failed
 * @param words the last failure, in the driver's own words where it has some
 */
public record Trouble(long since, int times, String words) {
  /** Nothing has failed. */
  public static final Trouble NONE = new Trouble(0, 0, "");

  Trouble andNow(long now, String again) {
    return new Trouble(times == 0 ? now : since, times + 1, again);
  }
}
