// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Optional;

/** What happens to a container. */
public sealed interface ContainerEvent {

  /**
   * It is about to be launched.
   *
   * @param deadline after which it fails, in ms of CLOCK_BOOTTIME
   */
  record Prepare(long deadline) implements ContainerEvent {}

  /**
   * It asks for these volumes, in this order, and the driver of each is known. Answers {@link
   * Inquiry#VOLUMES}.
   */
  record AsksFor(List<VolumeId> volumes) implements ContainerEvent {}

  /** Answers another inquiry: the container can be prepared. */
  record Found() implements ContainerEvent {}

  /** Answers any inquiry: the container cannot be prepared. */
  record NotFound(String words) implements ContainerEvent {}

  /** It gets a volume. */
  record Given(VolumeId volume, String path, Optional<Evidence> mount) implements ContainerEvent {}

  /** It does not get a volume. */
  record Refused(VolumeId volume, String words) implements ContainerEvent {}

  /** Its driver has another name for a volume that it waits for. */
  record Redirected(VolumeId from, VolumeId to) implements ContainerEvent {}

  /** It waits for a volume, for this reason. */
  record Delayed(VolumeId volume, String words) implements ContainerEvent {}

  /** The release of one of its volumes was handled. */
  record Freed(VolumeId volume) implements ContainerEvent {}

  /** The moment of {@link ContainerStep.WakeAt} has come. */
  record Woken() implements ContainerEvent {}

  /**
   * It has ended.
   *
   * @param deadline after which the host is no longer kept waiting for its volumes, in ms of
   *     CLOCK_BOOTTIME
   */
  record Cleanup(long deadline) implements ContainerEvent {}

  /** What is looked up before volumes are wished for. It may hang; the deadline ends the wait. */
  enum Inquiry {
    /** Which volumes the container asks for, and which driver serves each. */
    VOLUMES(
        "the task's volumes could not be looked up", "a file system or a driver does not answer"),
    /** The folders over which the volumes are bind-mounted. */
    TARGETS("the container paths could not be checked", "their file system does not answer"),
    /** The user to whom the volumes are given. */
    OWNER("the task's user could not be looked up", "the host's user database does not answer");

    final String problem;
    final String cause;

    Inquiry(String problem, String cause) {
      this.problem = problem;
      this.cause = cause;
    }
  }
}
