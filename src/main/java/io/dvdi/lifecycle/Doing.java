// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.volume.FileSystem;
import java.util.List;
import java.util.Optional;

/**
 * What is under way for a volume. Until it ends, other events are noted, and nothing is decided.
 * After a crash in any of these states, the next agent starts from the record.
 */
public sealed interface Doing {

  /** Nothing is under way. On disk is what is known, and nothing is pending beyond the record. */
  record Resting() implements Doing {}

  /**
   * The driver is asked, which changes nothing. Ends by its deadline.
   *
   * @param since when it was asked, in ms of CLOCK_BOOTTIME: the answer may have been true only
   *     then
   */
  record Asking(long since) implements Doing {}

  /**
   * The kernel is asked. Ends by its deadline.
   *
   * @param told the driver's answer before that; absent if it was not asked
   * @param since when the first of the two began, in ms of CLOCK_BOOTTIME
   */
  record Looking(Optional<Told> told, long since) implements Doing {}

  /**
   * The record is being written or removed. On disk is the old one or the new one. Nothing that the
   * new one announces was done yet.
   *
   * @param before the record that is valid if the write fails; absent if there is none
   * @param next what follows once it is on disk
   */
  record Recording(Optional<VolumeRecord> before, Next next) implements Doing {}

  /** Create is under way. On disk is the mount ID, with Mount sent. Ends with the answer. */
  record Creating(String mountId) implements Doing {}

  /**
   * Mount is under way: the mount may appear at any time. On disk is the mount ID, with Mount sent.
   * Ends with the answer.
   */
  record Mounting(String mountId) implements Doing {}

  /**
   * Unmount is under way: the mount may disappear at any time. On disk is the mount ID, with
   * Unmount sent. Ends with the answer.
   *
   * @param before what is known of its Unmount if this one is not sent after all
   */
  record Unmounting(String mountId, UnmountCall before) implements Doing {}

  /** An umount2(2) of this process is under way. On disk, the driver has not unmounted it. */
  record Forcing() implements Doing {}

  /**
   * The volume's owner is being changed. On disk is the mount ID, with Mount sent.
   *
   * @param seen the proof of the mount
   */
  record Chowning(Seen seen) implements Doing {}

  /** What follows once a record is on disk. */
  sealed interface Next {}

  /** Nothing: the record was a result. */
  record Rest() implements Next {}

  /** The action that the record announces. */
  record Act(VolumeStep.Action action, Doing doing) implements Next {}

  /**
   * These containers, which the record now has as users, get the volume.
   *
   * @param fileSystem of the volume, for the operator; absent if it has none of its own
   */
  record GiveTo(List<Wish> wishes, Optional<FileSystem> fileSystem) implements Next {}
}
