// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.ContainerStep.Part;
import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is known about a container between two events. Immutable.
 *
 * @param stage how far it is
 * @param parts its volumes, in the order in which they were asked for
 * @param asked when the host made the call that waits for an answer, in ms of CLOCK_BOOTTIME
 * @param deadline of that call
 */
public record ContainerState(Stage stage, List<Part> parts, long asked, long deadline) {

  /** How far a container is. */
  public sealed interface Stage {}

  /** The host has made no call yet. */
  public record Unknown() implements Stage {}

  /** Something is being looked up. No volume is wished for yet. */
  public record Inquiring(ContainerEvent.Inquiry inquiry) implements Stage {}

  /**
   * Its volumes are wished for.
   *
   * @param obstacle why one of them is delayed; empty if no reason is known
   */
  public record Waiting(String obstacle) implements Stage {}

  /** It has all of its volumes. */
  public record Holding() implements Stage {}

  /**
   * Its volumes are being released. Its parts are those whose release was not handled yet.
   *
   * @param awaited the host waits for the end of the cleanup
   */
  public record Ending(boolean awaited) implements Stage {}

  /** It holds nothing and waits for nothing. */
  public record Over() implements Stage {}

  /** A container before its first event. */
  public static ContainerState unknown() {
    return new ContainerState(new Unknown(), List.of(), 0, 0);
  }

  /** A container that holds volumes, according to the records of an earlier agent. */
  public static ContainerState holding(List<VolumeId> volumes) {
    return new ContainerState(
        new Holding(),
        volumes.stream().map(volume -> new Part(volume, 1, "", Optional.empty())).toList(),
        0,
        0);
  }
}
