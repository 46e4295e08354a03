// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.ContainerStep.Part;
import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is known of one container between two events. Immutable.
 *
 * @param stage how far it is
 * @param parts its volumes, in the order in which they were asked for
 * @param asked when the host asked for what is waited for, in ms of CLOCK_BOOTTIME
 * @param deadline of that
 */
public record ContainerState(Stage stage, List<Part> parts, long asked, long deadline) {

  /** How far a container is. */
  public sealed interface Stage {}

  /** Nothing was asked for. */
  public record Unknown() implements Stage {}

  /** Something is being found out. Nothing is wished for yet. */
  public record Inquiring(ContainerEvent.Inquiry inquiry) implements Stage {}

  /**
   * Its volumes are wished for.
   *
   * @param obstacle why one of them is not there yet; empty if nothing is known
   */
  public record Waiting(String obstacle) implements Stage {}

  /** It has all of its volumes. */
  public record Holding() implements Stage {}

  /**
   * Its volumes are released; those that are not seen to yet are its parts.
   *
   * @param awaited the host waits for it
   */
  public record Ending(boolean awaited) implements Stage {}

  /** Nothing is held and nothing is waited for. */
  public record Over() implements Stage {}

  /** A container that the host is about to name. */
  public static ContainerState unknown() {
    return new ContainerState(new Unknown(), List.of(), 0, 0);
  }

  /** A container that holds volumes by the records of an earlier agent. */
  public static ContainerState holding(List<VolumeId> volumes) {
    return new ContainerState(
        new Holding(),
        volumes.stream().map(volume -> new Part(volume, "", Optional.empty())).toList(),
        0,
        0);
  }
}
