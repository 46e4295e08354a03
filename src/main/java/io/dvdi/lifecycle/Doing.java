// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.MountId.UnmountCall;
import java.util.List;
import java.util.Optional;

/**
 * What is under way for a volume. While it is, events are kept and nothing is decided; only
 * refusals go out. A crash in any of these states leaves the record as the next agent's beginning.
 */
public sealed interface Doing {

  /** Nothing. On disk is what is known; nothing is pending but what the record says. */
  record Resting() implements Doing {}

  /**
   * The driver was asked, which changes nothing. Ends at its deadline at the latest.
   *
   * @param since when, in ms of CLOCK_BOOTTIME: what is told may have been true then only
   */
  record Asking(long since) implements Doing {}

  /**
   * The kernel is looked at. Ends at its deadline at the latest.
   *
   * @param told what the driver told before that; absent if it was not asked
   * @param since when the first of the two began, in ms of CLOCK_BOOTTIME
   */
  record Looking(Optional<Told> told, long since) implements Doing {}

  /**
   * The record is being written or removed. On disk is the old or the new one; nothing that the new
   * one announces was done yet.
   *
   * @param before what is known if the disk refuses; absent if there is no record then
   * @param next what follows when it is on disk
   */
  record Recording(Optional<VolumeRecord> before, Next next) implements Doing {}

  /** On disk is the mount ID, as sent. The volume may be there or not. Ends with the answer. */
  record Creating(String mountId) implements Doing {}

  /** On disk is the mount ID, as sent. The mount may come at any time. Ends with the answer. */
  record Mounting(String mountId) implements Doing {}

  /**
   * On disk is the mount ID, its Unmount as sent. The mount may go at any time. Ends with the
   * answer.
   *
   * @param before what was known of its Unmount, if this one is not sent after all
   */
  record Unmounting(String mountId, UnmountCall before) implements Doing {}

  /** Our own umount2(2) is under way. On disk, the driver has refused to unmount. */
  record Forcing() implements Doing {}

  /**
   * The volume is being given to a user. On disk is the mount ID, as sent.
   *
   * @param seen the proof of the mount
   */
  record Chowning(Seen seen) implements Doing {}

  /** What follows when a record is on disk. */
  sealed interface Next {}

  /** Nothing: it was a result. */
  record Rest() implements Next {}

  /** The action that the record announces. */
  record Act(VolumeStep.Action action, Doing doing) implements Next {}

  /** The containers that the record holds as users get the volume. */
  record GiveTo(List<Wish> wishes) implements Next {}
}
