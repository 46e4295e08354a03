// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.util.Optional;

/**
 * A container's wish for a volume.
 *
 * @param container that waits for the answer
 * @param spelling driver and name as the task wrote them
 * @param service how that driver is reached
 * @param options for the driver, default options included
 * @param needs what else the container needs
 * @param deadline after which the container no longer waits, in ms of CLOCK_BOOTTIME
 */
public record Wish(
    ContainerId container,
    VolumeId spelling,
    String service,
    Options options,
    Needs needs,
    long deadline) {

  /**
   * What a container needs of a volume.
   *
   * @param mustExist it must not be created
   * @param fresh it must be empty for its first container: overwritefs, tmpfs
   * @param writable the container writes to it
   * @param owner who becomes its owner when it is mounted for this container; absent: it keeps its
   *     owner
   */
  public record Needs(boolean mustExist, boolean fresh, boolean writable, Optional<String> owner) {}
}
