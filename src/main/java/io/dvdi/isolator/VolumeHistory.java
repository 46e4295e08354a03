// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.lifecycle.Doing;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.FileSystem;
import io.dvdi.volume.VolumeId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Counts and logs what happens to volumes. No decision depends on it. */
final class VolumeHistory {
  private final Parts parts;

  VolumeHistory(Parts parts) {
    this.parts = parts;
  }

  /** Reports a volume as an earlier agent left it. */
  void adopt(VolumeState left) {
    gauge(VolumeState.none(left.id()), left);
    List<ContainerId> holders = left.record().map(VolumeRecord::users).orElse(List.of());
    if (holders.equals(users(left))) { // otherwise it is reported once the new record is on disk
      tellHeld(left.id(), holders);
    }
  }

  /** Reports the change that an event made. */
  void tell(VolumeState before, VolumeState after) {
    gauge(before, after);
    count(before, after);
    List<ContainerId> newUsers = less(users(after), users(before));
    if (!newUsers.isEmpty()) {
      tellUsed(before, after, newUsers);
    } else if (!less(users(before), users(after)).isEmpty()) {
      tellHeld(after.id(), users(after));
    }
    if (isUnmounted(before, after)) {
      parts
          .log()
          .info(
              "%s is unmounted%s"
                  .formatted(after.id(), path(before).map(path -> " from " + path).orElse("")));
    }
  }

  private void gauge(VolumeState before, VolumeState after) {
    count(Metric.VOLUMES_MOUNTED, used(after) - used(before));
    count(Metric.VOLUMES_STUCK, stuck(after) - stuck(before));
  }

  private void count(VolumeState before, VolumeState after) {
    count(Metric.MOUNTS, Math.max(0, proved(after) - proved(before)));
    count(Metric.UNMOUNT_FAILURES, Math.max(0, refused(after) - refused(before)));
    count(Metric.MOUNT_FAILURES, failedWishes(before, after));
    count(Metric.UNMOUNTS, isUnmounted(before, after) ? 1 : 0);
  }

  private void count(Metric metric, long difference) {
    parts.metrics().add(metric, difference);
  }

  private void tellUsed(VolumeState before, VolumeState after, List<ContainerId> users) {
    if (users(before).isEmpty()) {
      parts
          .log()
          .info(
              "%s is mounted at %s%s"
                  .formatted(
                      after.id(),
                      path(after).orElse(""),
                      fileSystem(before).map(found -> ": " + found).orElse("")));
    } else {
      users.forEach(
          user -> parts.log().info("%s is shared with container %s".formatted(after.id(), user)));
    }
  }

  private static Optional<FileSystem> fileSystem(VolumeState before) {
    return before.doing() instanceof Doing.Recording recording
            && recording.next() instanceof Doing.GiveTo give
        ? give.fileSystem()
        : Optional.empty();
  }

  private void tellHeld(VolumeId id, List<ContainerId> users) {
    if (!users.isEmpty()) {
      parts.log().info("%s is still held by %s".formatted(id, ContainerId.some(users)));
    }
  }

  /** The users that the record on disk has. */
  private static List<ContainerId> users(VolumeState state) {
    return state.disk() instanceof VolumeState.Holds holds
        ? holds.record().map(VolumeRecord::users).orElse(List.of())
        : List.of();
  }

  private static List<ContainerId> less(List<ContainerId> all, List<ContainerId> some) {
    if (all.equals(some)) {
      return List.of();
    }
    // Not Set.copyOf, whose lookups are slow when many IDs differ in a number only.
    Set<ContainerId> others = new HashSet<>(some);
    return all.stream().filter(user -> !others.contains(user)).toList();
  }

  private static Optional<String> path(VolumeState state) {
    return state.record().flatMap(record -> record.where().path());
  }

  private static int used(VolumeState state) {
    return users(state).isEmpty() ? 0 : 1;
  }

  private static int stuck(VolumeState state) {
    return state.record().isPresent()
            && state.memory().pause().tries() > 0
            && state.record().get().users().isEmpty()
        ? 1
        : 0;
  }

  private static int proved(VolumeState state) {
    return (int) mountIds(state).stream().filter(id -> id.mount() == MountCall.PROVED).count();
  }

  private static int refused(VolumeState state) {
    return (int) mountIds(state).stream().filter(id -> id.unmount() == UnmountCall.REFUSED).count();
  }

  private static List<MountId> mountIds(VolumeState state) {
    return state.record().map(VolumeRecord::mountIds).orElse(List.of());
  }

  /** Whether a Mount or a Create ended in vain, as 1 or 0. */
  private static int failedWishes(VolumeState before, VolumeState after) {
    boolean ended =
        (before.doing() instanceof Doing.Mounting || before.doing() instanceof Doing.Creating)
            && !after.doing().equals(before.doing())
            && !(after.doing() instanceof Doing.Mounting);
    return ended && after.wishes().size() < before.wishes().size() ? 1 : 0;
  }

  private static boolean isUnmounted(VolumeState before, VolumeState after) {
    if (before.record().isEmpty() || after.record().isPresent()) {
      return false;
    }
    Optional<Evidence> mount = before.record().get().where().mount();
    return mountIds(before).isEmpty()
        || (mount.isPresent() && mount.equals(after.memory().unmounted()));
  }
}
