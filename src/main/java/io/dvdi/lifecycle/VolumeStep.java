// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.util.Optional;

/**
 * What is to be done for a volume. At most one of those that have an end, which comes back as an
 * event, is under way at a time.
 */
public sealed interface VolumeStep {

  /** A step that has an end. */
  sealed interface Action extends VolumeStep {}

  /** Write the record so that it survives a crash. Ends with Recorded or NotRecorded. */
  record Write(VolumeRecord record) implements Action {}

  /** Remove the record. Ends with Recorded or NotRecorded. */
  record Remove() implements Action {}

  /** Ask the driver about the volume. Ends with Answered. */
  record Ask(VolumeId spelling) implements Action {}

  /**
   * Look at the kernel. Ends with Looked.
   *
   * @param path where to look; absent if no path is known
   * @param known the mount on record, which may be covered
   */
  record Look(Optional<String> path, Optional<Evidence> known) implements Action {}

  /** Have the driver create the volume. Listened to until its end. Ends with Ended. */
  record Create(VolumeId spelling, Options options) implements Action {}

  /** Have the driver mount it. Listened to until its end. Ends with Ended. */
  record Mount(VolumeId spelling, Options options, String mountId) implements Action {}

  /** Have the driver unmount it. Listened to until its end. Ends with Ended. */
  record Unmount(VolumeId spelling, String mountId, Optional<String> path) implements Action {}

  /** Unmount by umount2(2), if this very mount is at the path. Ends with Acted. */
  record Force(String path, Evidence mount) implements Action {}

  /** Give the root of the volume to a user. Ends with Acted. */
  record Chown(String path, Optional<Evidence> mount, String owner) implements Action {}

  /** The container has the volume at this path. */
  record Give(ContainerId container, String path, Optional<Evidence> mount) implements VolumeStep {}

  /** The container does not get the volume. */
  record Refuse(ContainerId container, String words) implements VolumeStep {}

  /** The container waits, for this reason: to be told if its deadline comes first. */
  record Delay(ContainerId container, String words) implements VolumeStep {}

  /**
   * What could be done at once for a container that ended is done: the volume is unmounted, or
   * others have it, or it is tried again later.
   */
  record Freed(ContainerId container) implements VolumeStep {}

  /** Bring Woken at this moment, in ms of CLOCK_BOOTTIME, in place of any moment before. */
  record WakeAt(long moment) implements VolumeStep {}

  /** Say something to the operator. */
  record Say(Level level, String words) implements VolumeStep {}

  /** How much it matters. */
  enum Level {
    INFO,
    WARNING,
    ERROR
  }
}
