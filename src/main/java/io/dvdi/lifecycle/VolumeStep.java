// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.util.Optional;

/** What the shell has to do for a volume. */
public sealed interface VolumeStep {

  /** A step whose end comes back as an event. At most one is under way at a time. */
  sealed interface Action extends VolumeStep {}

  /** Write the record so that it survives a crash. Ends with Recorded or NotRecorded. */
  record Write(VolumeRecord record) implements Action {}

  /** Remove the record. Ends with Recorded or NotRecorded. */
  record Remove() implements Action {}

  /** Ask the driver about the volume. Ends with Answered. */
  record Ask(VolumeId spelling) implements Action {}

  /**
   * Ask the kernel what is mounted. Ends with Looked.
   *
   * @param path where to look; absent if no path is known
   * @param known the mount on record, which may be covered
   */
  record Look(Optional<String> path, Optional<Evidence> known) implements Action {}

  /**
   * Have the driver create the volume, and wait for the answer without a deadline. Ends with Ended.
   */
  record Create(VolumeId spelling, Options options) implements Action {}

  /** Have the driver mount it, and wait for the answer without a deadline. Ends with Ended. */
  record Mount(VolumeId spelling, Options options, String mountId) implements Action {}

  /** Have the driver unmount it, and wait for the answer without a deadline. Ends with Ended. */
  record Unmount(VolumeId spelling, String mountId, Optional<String> path) implements Action {}

  /** Unmount with umount2(2), if this same mount is at the path. Ends with Acted. */
  record Force(String path, Evidence mount) implements Action {}

  /** Change the owner of the volume's root directory. Ends with Acted. */
  record Chown(String path, Optional<Evidence> mount, String owner) implements Action {}

  /** The container gets the volume, at this path. */
  record Give(ContainerId container, String path, Optional<Evidence> mount) implements VolumeStep {}

  /** The container does not get the volume. */
  record Refuse(ContainerId container, String words) implements VolumeStep {}

  /** The container gets this volume instead: the driver has another name for it. */
  record Redirect(ContainerId container, VolumeId to) implements VolumeStep {}

  /** The container has to wait. If its deadline comes first, this is the reason that it is told. */
  record Delay(ContainerId container, String words) implements VolumeStep {}

  /**
   * The release for a container that ended was handled: the volume is unmounted, or others hold it,
   * or it will be tried again.
   */
  record Freed(ContainerId container) implements VolumeStep {}

  /** Send Woken at this moment, in ms of CLOCK_BOOTTIME. Replaces the WakeAt before it. */
  record WakeAt(long moment) implements VolumeStep {}

  /** Tell the operator. */
  record Say(Level level, String words) implements VolumeStep {}

  /** How much it matters. */
  enum Level {
    INFO,
    WARNING,
    ERROR
  }
}
