// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import java.util.Locale;

/**
 * Ends that nobody can avoid: the agent sees the same in two worlds that need opposite decisions.
 */
enum AcceptedEnd {
  /** A request was carried out later than the doubt lasts. */
  LATER_THAN_DOUBT("a call took effect later than a doubt lasts"),
  /** A call to a driver that counts was cut off or answered wrongly, and others have the volume. */
  WHOSE_COUNT("whose a driver's count is, after a call about it was cut off or answered wrongly"),
  /** The driver still counts us, and nothing that can be looked at shows it. */
  COUNT_TOO_HIGH("a driver's count stays too high"),
  /** The driver said that it succeeded, and it did not. */
  DRIVER_LIES("a driver said that it had done what it had not"),
  /** The driver keeps nobody: its first Unmount is everybody's. */
  DRIVER_KEEPS_NOTHING("a driver that keeps no users unmounts under its other clients"),
  /** The record was torn when the power failed, and the driver mounts again what it had. */
  TORN_RECORD("a record was lost with the power, and its driver mounts again by itself"),
  /** The driver mounts again after a boot what it had, and does not show for whom. */
  MOUNTED_AGAIN("a driver without an account mounts again by itself after a boot"),
  /** Another client created the volume between the driver's list and our Create. */
  CREATED_MEANWHILE("another client created the volume between the driver's list and Create"),
  /** The driver names the path before it is asked, and what was there already is not its mount. */
  COVERED_BEFORE("what already lay over another client's mount looks like the volume"),
  /** Something was mounted there after the announcement and before the first look. */
  COVERED_MEANWHILE("what was mounted over the path during a Mount looks like the volume"),
  /** The driver mounted again over its own mount, or something else lies over it. */
  STACKED("a driver mounted over its own mount, which looks as if something else lay over it"),
  /** The driver forgot its clients, another one among them: the mount is in nobody's account. */
  CLIENTS_FORGOTTEN("a driver forgot another client, and its mount is in nobody's account"),
  /** A Mount that failed and was done, and nothing that can be looked at shows it. */
  UNSEEN_MOUNT("a Mount failed, was done all the same, and its driver names no path"),
  /** An old kernel, or another mount namespace, shows another mount as the one on record. */
  REUSED_MOUNT_ID(
      "a new mount looks like the one on record: IDs are reused, or the namespace is new"),
  /** The mount that others made looks like ours, and is dead. */
  DEAD_MOUNT_OF_OTHERS("another client's dead mount, made after our announcement, looks like ours"),
  /** Another agent, in another mount namespace, cannot tell whether a dead mount is older. */
  DEAD_MOUNT_OF_UNKNOWN_AGE(
      "a dead mount was not proved before an agent came up in another mount namespace"),
  /** The driver has forgotten a mount that works: it stays, with its record. */
  MOUNT_FORGOTTEN("a driver has forgotten a mount that works; it stays, on record");

  final String words;

  AcceptedEnd(String words) {
    this.words = words;
  }

  /** Its name, for people. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
