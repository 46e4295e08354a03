// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.volume.ContainerVolume;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.VolumeId;
import io.dvdi.volume.VolumeRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Mesos' own isolator docker/volume. On an agent that runs it, the volumes of ContainerInfo are
 * left to it. If both isolators mounted a volume, either could unmount it beneath the other's
 * tasks. So no volume may be asked for in both forms, by one task or by several.
 */
public final class Neighbour {
  private final Supplier<Set<VolumeId>> mounted;

  /**
   * @param mounted the volumes that docker/volume has mounted, or is about to mount
   */
  public Neighbour(Supplier<Set<VolumeId>> mounted) {
    this.mounted = mounted;
  }

  /**
   * Refuses a volume that both isolators would mount.
   *
   * @param requests of the container's variables
   * @param identity which volume a driver and a name mean, as written
   * @param ours whether this module has mounted a volume, or is about to mount it
   */
  void check(
      Container container,
      List<VolumeRequest> requests,
      UnaryOperator<VolumeId> identity,
      Predicate<VolumeId> ours) {
    for (int i = 0; i < container.volumes().size(); i++) {
      String field = "volume %d of the task's container".formatted(i + 1);
      Optional<VolumeId> left = id(container.volumes().get(i)).map(identity);
      if (left.isEmpty()) {
        continue;
      }
      for (VolumeRequest request : requests) {
        if (request.id().equals(left.get())) {
          throw new InvalidRequestException(
              "%s is asked for in two forms, by %s and by %s; on this agent the first is mounted by dvdi and the second by Mesos' docker/volume, and a volume cannot be mounted by both: ask for it in one form"
                  .formatted(left.get(), request.field(), field));
        }
      }
      if (ours.test(left.get())) {
        throw new InvalidRequestException(
            "%s is asked for by %s, which Mesos' docker/volume mounts on this agent, but dvdi has it mounted for another task that asks by DVDI_VOLUME_NAME; ask for it in the same form in both tasks"
                .formatted(left.get(), field));
      }
    }
    if (requests.isEmpty()) {
      return;
    }
    Set<VolumeId> theirs = mounted.get().stream().map(identity).collect(Collectors.toSet());
    for (VolumeRequest request : requests) {
      if (theirs.contains(request.id())) {
        throw new InvalidRequestException(
            "%s is asked for by %s, which dvdi mounts, but Mesos' docker/volume has it mounted for another task that asks by its ContainerInfo; ask for it in the same form in both tasks"
                .formatted(request.id(), request.field()));
      }
    }
  }

  /** Absent if it is invalid: docker/volume refuses it. */
  private static Optional<VolumeId> id(ContainerVolume volume) {
    try {
      return volume.driver().map(driver -> new VolumeId(driver, volume.name()));
    } catch (InvalidRequestException e) {
      return Optional.empty();
    }
  }
}
