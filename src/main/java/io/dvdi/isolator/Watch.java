// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.log.Log;
import io.dvdi.mount.MountIdentity;
import io.dvdi.mount.Proof;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the volumes that containers hold, again and again: a file server dies, somebody unmounts
 * a volume, a disk error makes it read-only, and the task writes into nothing. Thread-safe.
 */
final class Watch {
  /** A look may fail once on a host that is busy. */
  private static final int BAD_LOOKS = 2;

  /**
   * What the looks at one mount of a volume have shown. Only the look that is under way changes it.
   */
  private static final class Seen {
    final MountIdentity mount;

    /** A volume that was read-only from the start is as its users want it. */
    boolean wasWritable;

    int badLooks;
    volatile @Nullable String lost;

    Seen(MountIdentity mount) {
      this.mount = mount;
    }
  }

  private final ConcurrentMap<ContainerId, CompletableFuture<Optional<String>>> watchers =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<VolumeId, Seen> seen = new ConcurrentHashMap<>();
  private final Set<VolumeId> underWay = ConcurrentHashMap.newKeySet();
  private final Account account;
  private final Proof proof;
  private final boolean ending;
  private final ExecutorService threads;
  private final Metrics metrics;
  private final Log log;

  /**
   * @param ending containers are to be ended whose volumes are lost
   */
  Watch(
      Account account,
      Proof proof,
      boolean ending,
      ExecutorService threads,
      Metrics metrics,
      Log log) {
    this.account = account;
    this.proof = proof;
    this.ending = ending;
    this.threads = threads;
    this.metrics = metrics;
    this.log = log;
  }

  /** Starts looking, with this pause in between. */
  void every(Duration pause, ScheduledExecutorService timer) {
    Future<?> unused =
        timer.scheduleWithFixedDelay(
            this::lookAtAll, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
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

  /** Starts a look at each volume; one that does not come back is not waited for. */
  void lookAtAll() {
    try {
      seen.keySet().removeIf(volume -> account.of(volume) == null);
      for (VolumeRecord record : account.all()) {
        if (isWatched(record) && underWay.add(record.id())) {
          start(record);
        }
      }
    } catch (Throwable e) {
      // For want of memory; a timer's task that throws is not run again.
    }
  }

  private static boolean isWatched(VolumeRecord record) {
    return record.state() == VolumeRecord.State.MOUNTED
        && record.identity().isPresent()
        && !record.users().isEmpty();
  }

  private void start(VolumeRecord record) {
    try {
      threads.execute(
          () -> {
            try {
              look(record);
            } finally {
              underWay.remove(record.id());
            }
          });
    } catch (RuntimeException | Error e) {
      underWay.remove(record.id());
      throw e;
    }
  }

  private void look(VolumeRecord record) {
    Path path = record.mountpoint().orElseThrow();
    MountIdentity mount = record.identity().orElseThrow();
    Seen before =
        seen.compute(
            record.id(),
            (id, last) -> last == null || !last.mount.equals(mount) ? new Seen(mount) : last);
    String fault = fault(path, mount, before);
    if (fault == null) {
      if (before.lost != null) {
        log.info("%s at %s is usable again".formatted(record.id(), path));
      }
      before.badLooks = 0;
      before.lost = null;
      return;
    }
    // It may have been given up while it was looked at.
    VolumeRecord now = account.of(record.id());
    if (now == null || !isWatched(now) || !now.identity().equals(record.identity())) {
      return;
    }
    before.badLooks++;
    if (before.badLooks == BAD_LOOKS) {
      before.lost = "%s at %s %s".formatted(record.id(), path, fault);
      metrics.add(Metric.VOLUMES_LOST, 1);
      log.error(
          "%s, while containers %s use it%s"
              .formatted(
                  before.lost,
                  now.users(),
                  ending ? "; they are ended (lost_volumes)" : "; end them, and see why"));
    }
    if (ending && before.lost != null) {
      // At each look: a container may come to watch after the volume was lost.
      for (ContainerId user : now.users()) {
        CompletableFuture<Optional<String>> watcher = watchers.get(user);
        if (watcher != null) {
          watcher.complete(Optional.of(before.lost + "; the task was ended for that"));
        }
      }
    }
  }

  private @Nullable String fault(Path path, MountIdentity identity, Seen before) {
    return switch (proof.now(path, identity)) {
      case GONE -> "is not mounted any more";
      case DEAD -> "does not answer any more";
      case INTACT -> {
        boolean readOnly = proof.isReadOnly(path);
        before.wasWritable |= !readOnly;
        yield readOnly && before.wasWritable ? "has become read-only" : null;
      }
    };
  }
}
