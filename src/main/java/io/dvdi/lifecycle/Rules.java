// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

/**
 * What the operator configured, and what is fixed as long as an agent runs.
 *
 * @param idPrefix of each mount ID that is announced; no other volume and no other agent uses it
 * @param times how long things take
 * @param plainDirectories the driver may hand out directories of the host's own file systems
 * @param ownMounts the driver mounts and unmounts by itself: it counts no users, and has no other
 *     client
 * @param recordFile where the volume's record is on disk, for messages
 */
public record Rules(
    String idPrefix, Times times, boolean plainDirectories, boolean ownMounts, String recordFile) {

  /**
   * Spans of time, in ms.
   *
   * @param doubt how long a call that was cut off may still take effect: 2 × mount_timeout
   * @param firstRetry the pause before something is tried again; doubled each time
   * @param longestRetry the longest such pause
   */
  public record Times(long doubt, long firstRetry, long longestRetry) {}
}
