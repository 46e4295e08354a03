// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Optional;

/** What the shell has to do for a container. */
public sealed interface ContainerStep {

  /** Look this up. Ends with AsksFor, Found or NotFound. */
  record Inquire(ContainerEvent.Inquiry inquiry) implements ContainerStep {}

  /**
   * Wish for a volume. Ends with Given, Redirected or Refused.
   *
   * @param part its place among the volumes that the container asks for
   */
  record Want(int part, VolumeId volume, long deadline) implements ContainerStep {}

  /** Release a volume that is wished for or held. Ends with Freed. */
  record Release(VolumeId volume) implements ContainerStep {}

  /**
   * Answer the host's prepare: the container has all of its volumes, listed in the order in which
   * it asked for them.
   */
  record Launch(List<Part> parts) implements ContainerStep {}

  /** Answer the host's prepare: it failed, and the container gets no volume. */
  record Fail(String words) implements ContainerStep {}

  /** Answer the host's cleanup. */
  record CleanedUp() implements ContainerStep {}

  /** Send Woken at this moment, in ms of CLOCK_BOOTTIME. Replaces the WakeAt before it. */
  record WakeAt(long moment) implements ContainerStep {}

  /**
   * One volume of a container.
   *
   * @param volume which one
   * @param names how many names for it the driver has given so far
   * @param path where it is on the host; empty until it is given
   * @param mount the proved mount; absent for a plain directory
   */
  record Part(VolumeId volume, int names, String path, Optional<Evidence> mount) {
    boolean isGiven() {
      return !path.isEmpty();
    }
  }
}
