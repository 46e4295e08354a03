// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Checks the volumes that containers hold periodically: a file server may die, somebody may unmount
 * a volume, a disk error may make it read-only. Thread-safe.
 */
final class Watch {
  /** On a busy host, a file system may fail once to answer in time. */
  private static final int BAD_LOOKS = 2;

  private static final String SILENT = "does not answer any more";

  /**
   * What the checks of one mount of a volume have shown. Only the check that is under way changes
   * it.
   */
  private static final class Looks {
    final Evidence mount;

    /** Whether it was ever writable. One that was read-only from the start is not lost. */
    boolean wasWritable;

    int badLooks;
    volatile @Nullable String lost;

    Looks(Evidence mount) {
      this.mount = mount;
    }
  }

  private final ConcurrentMap<ContainerId, CompletableFuture<Optional<String>>> watchers =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<VolumeId, Looks> looks = new ConcurrentHashMap<>();
  private final Set<VolumeId> underWay = ConcurrentHashMap.newKeySet();
  private final Volumes volumes;
  private final Parts parts;
  private final ExecutorService threads;
  private final boolean ending;
  private final Log log;

  Watch(Volumes volumes, Parts parts) {
    this.volumes = volumes;
    this.parts = parts;
    this.threads = parts.threads();
    this.ending = parts.policy().endsLost();
    this.log = parts.log();
  }

  /** Starts the periodic checks. */
  void begin() {
    long pause = parts.policy().times().watchInterval().toNanos();
    Future<?> unused =
        parts.timer().scheduleWithFixedDelay(this::lookAtAll, pause, pause, TimeUnit.NANOSECONDS);
  }

  /** Answers with a reason for ending the container, or without one when {@link #end} is called. */
  CompletableFuture<Optional<String>> of(ContainerId container) {
    return watchers.computeIfAbsent(container, id -> new CompletableFuture<>());
  }

  /** The container is gone. */
  void end(ContainerId container) {
    CompletableFuture<Optional<String>> watcher = watchers.remove(container);
    if (watcher != null) {
      watcher.complete(Optional.empty());
    }
  }

  /** Nobody is watched any more. */
  void endAll() {
    watchers.keySet().forEach(this::end);
  }

  /** Starts a check of each volume. Does not wait for a check that hangs. */
  void lookAtAll() {
    try {
      looks.keySet().removeIf(volume -> volumes.record(volume).isEmpty());
      for (VolumeState state : volumes.states()) {
        if (state.record().filter(Watch::isWatched).isPresent() && underWay.add(state.id())) {
          start(state.id());
        }
      }
    } catch (Throwable e) {
      // Memory ran out. A timer would not run a task again that has thrown.
    }
  }

  private static boolean isWatched(VolumeRecord record) {
    return record.where().mount().isPresent() && !record.users().isEmpty();
  }

  private void start(VolumeId id) {
    try {
      threads.execute(
          () -> {
            try {
              Optional<Looks> unused = volumes.look(id, record -> look(id, record));
            } finally {
              underWay.remove(id);
            }
          });
    } catch (RuntimeException | Error e) {
      underWay.remove(id);
      throw e;
    }
  }

  private Optional<Looks> look(VolumeId id, VolumeRecord record) {
    String path = record.where().path().orElseThrow();
    Evidence mount = record.where().mount().orElseThrow();
    Looks before =
        looks.compute(
            id, (key, last) -> last == null || !last.mount.equals(mount) ? new Looks(mount) : last);
    Seen seen =
        parts
            .mounts()
            .look(
                id.name(),
                record.where().path(),
                Optional.of(mount),
                Optional.of(record.where().firstAnnounced()),
                false);
    if (seen.place() instanceof Seen.Unknown || seen.covered() || isElsewhere(seen, mount)) {
      return Optional.empty(); // it could not be looked at, which is no fault of the volume's
    }
    String fault = fault(seen, mount, before);
    if (fault == null) {
      if (before.lost != null) {
        log.info("%s at %s is usable again".formatted(record.id(), path));
      }
      before.badLooks = 0;
      before.lost = null;
      return Optional.of(before);
    }
    before.badLooks += fault.equals(SILENT) ? 1 : BAD_LOOKS;
    if (before.badLooks >= BAD_LOOKS && before.lost == null) {
      before.lost = "%s at %s %s".formatted(record.id(), path, fault);
      parts.metrics().add(Metric.VOLUMES_LOST, 1);
      log.error(
          "%s, while containers %s use it%s"
              .formatted(
                  before.lost,
                  ContainerId.some(record.users()),
                  ending ? "; they are ended (lost_volumes)" : "; end them, and see why"));
    }
    if (ending && before.lost != null) {
      // At each check: a container may begin to watch after the volume was lost.
      for (ContainerId user : record.users()) {
        CompletableFuture<Optional<String>> watcher = watchers.get(user);
        if (watcher != null) {
          watcher.complete(
              Optional.of(before.lost + "; the task was ended because of that (lost_volumes)"));
        }
      }
    }
    return Optional.of(before);
  }

  /**
   * Whether it may be mounted in the mount namespace of an earlier agent, where its tasks have it.
   */
  private static boolean isElsewhere(Seen seen, Evidence mount) {
    boolean isHere = seen.place() instanceof Seen.Mounted there && there.mount().isSameMount(mount);
    return !isHere && mount.namespace() != seen.moment().namespace();
  }

  private static @Nullable String fault(Seen seen, Evidence mount, Looks before) {
    if (!(seen.place() instanceof Seen.Mounted there) || !there.mount().isSameMount(mount)) {
      return "is not mounted any more";
    }
    switch (there.health()) {
      case DEAD -> {
        return "is dead: its file system answers with errors only";
      }
      case SILENT -> {
        return SILENT;
      }
      case ANSWERS -> {}
    }
    before.wasWritable |= !there.readOnly();
    return there.readOnly() && before.wasWritable ? "has become read-only" : null;
  }
}
