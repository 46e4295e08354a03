// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Optional;

/** What is to be done for a container. */
public sealed interface ContainerStep {

  /** Find this out. Ends with AsksFor, Found or NotFound. */
  record Inquire(ContainerEvent.Inquiry inquiry) implements ContainerStep {}

  /** Wish for a volume. Ends with Given or Refused. */
  record Want(VolumeId volume, long deadline) implements ContainerStep {}

  /** Release a volume, wished for or held. Ends with Freed. */
  record Release(VolumeId volume) implements ContainerStep {}

  /**
   * Answer the host's prepare: all volumes are there, in the order in which they were asked for.
   */
  record Launch(List<Part> parts) implements ContainerStep {}

  /** Answer the host's prepare: it failed, and nothing is held. */
  record Fail(String words) implements ContainerStep {}

  /** Answer the host's cleanup. */
  record CleanedUp() implements ContainerStep {}

  /** Bring Woken at this moment, in ms of CLOCK_BOOTTIME, in place of any moment before. */
  record WakeAt(long moment) implements ContainerStep {}

  /**
   * One volume of a container.
   *
   * @param volume which one
   * @param path where it is on the host; empty until it is given
   * @param mount that was proved; absent for a plain directory
   */
  record Part(VolumeId volume, String path, Optional<Evidence> mount) {
    boolean isGiven() {
      return !path.isEmpty();
    }
  }
}
