// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.Records;
import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.Drivers;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.log.Log;
import io.dvdi.mount.MountIdentity;
import io.dvdi.mount.Proof;
import io.dvdi.mount.Proof.Proven;
import io.dvdi.mount.ProofException;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.VolumeId;
import io.dvdi.volume.VolumeRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of this host, who holds them, and their records. Each operation runs in its volume's
 * lane, so that all that is below sees one volume alone and nobody else touching it. Thread-safe.
 *
 * <p>What is in memory is what is on disk. Where the disk refuses a write, the operation fails
 * before it changes the world, or goes on and is retried when it was about giving something up.
 */
final class Volumes {
  private final ConcurrentMap<VolumeId, VolumeRecord> known = new ConcurrentHashMap<>();
  private final Drivers drivers;
  private final Proof proof;
  private final Records records;
  private final Policy policy;
  private final Lanes lanes;
  private final Retries retries;
  private final Log log;
  private final String bootId;

  Volumes(
      Drivers drivers,
      Proof proof,
      Records records,
      Policy policy,
      Lanes lanes,
      Retries retries,
      Log log,
      String bootId) {
    this.drivers = drivers;
    this.proof = proof;
    this.records = records;
    this.policy = policy;
    this.lanes = lanes;
    this.retries = retries;
    this.log = log;
    this.bootId = bootId;
  }

  /**
   * Makes the container a holder of the volume, mounting it if it is the first. The answer is the
   * volume's mountpoint.
   *
   * <p>A caller that does not want to wait any longer completes the answer itself. A mount that
   * succeeds after that is undone, before anything else is done with the volume.
   */
  CompletableFuture<Path> hold(VolumeRequest request, ContainerId container, Deadline deadline) {
    CompletableFuture<Path> answer = new CompletableFuture<>();
    lanes.run(
        request.id(),
        () -> {
          if (answer.isDone()) {
            return;
          }
          Path mountpoint;
          try {
            mountpoint = mounted(request, container, deadline);
          } catch (VolumeException | RuntimeException | Error e) {
            answer.completeExceptionally(e);
            return;
          }
          if (!answer.complete(mountpoint)) {
            log.warning(
                "%s was mounted after container %s had given up; it is released again"
                    .formatted(request.id(), container));
            giveUp(request.id(), container);
          }
        });
    return answer;
  }

  /**
   * Takes the container off the volume's holders, and unmounts it if it was the last. Answers when
   * that was tried once.
   */
  CompletableFuture<@Nullable Void> release(VolumeId volume, ContainerId container) {
    return inLane(volume, () -> giveUp(volume, container));
  }

  /**
   * Takes over a record of an earlier agent: holders that are no longer alive are dropped, and a
   * volume without holders is unmounted.
   */
  CompletableFuture<@Nullable Void> recover(VolumeRecord record, Set<ContainerId> alive) {
    return inLane(
        record.id(),
        () -> {
          known.put(record.id(), record);
          if (!record.bootId().equals(bootId)) {
            log.info(
                "%s was mounted before the host was booted; its record is removed"
                    .formatted(record.id()));
            forget(record.id());
            return;
          }
          for (ContainerId container : record.users()) {
            if (!alive.contains(container)) {
              giveUp(record.id(), container);
            }
          }
          VolumeRecord left = known.get(record.id());
          if (left != null && left.users().isEmpty()) {
            // Nobody held it when the earlier agent ended: an unmount was to be tried again.
            if (record.users().isEmpty()) {
              unmount(left);
            }
          } else if (left != null) {
            log.info("%s is still held by %s".formatted(left.id(), left.users()));
            left.identity()
                .map(identity -> proof.now(left.mountpoint().orElseThrow(), identity))
                .filter(now -> now != Proof.Now.INTACT)
                .ifPresent(
                    now ->
                        log.error(
                            "%s at %s is %s, although containers %s use it; end them, and it will be mounted anew"
                                .formatted(
                                    left.id(),
                                    left.mountpoint().orElseThrow(),
                                    now,
                                    left.users())));
          }
        });
  }

  private CompletableFuture<@Nullable Void> inLane(VolumeId volume, Runnable operation) {
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    lanes.run(
        volume,
        () -> {
          try {
            operation.run();
          } finally {
            answer.complete(null);
          }
        });
    return answer;
  }

  // Everything from here on runs in the volume's lane.

  private Path mounted(VolumeRequest request, ContainerId container, Deadline deadline)
      throws VolumeException {
    VolumeRecord record = known.get(request.id());
    if (record == null) {
      return mountFirst(request, container, deadline);
    }
    Path mountpoint = joined(record, request, container);
    return mountpoint != null ? mountpoint : mountFirst(request, container, deadline);
  }

  /**
   * Holds a volume that is mounted; null if it turned out not to be, and all traces of it are gone.
   */
  private @Nullable Path joined(VolumeRecord record, VolumeRequest request, ContainerId container)
      throws VolumeException {
    boolean intact =
        record.mountpoint().isPresent()
            && record
                .identity()
                .map(identity -> proof.now(record.mountpoint().get(), identity) == Proof.Now.INTACT)
                .orElse(record.state() == State.MOUNTED);
    boolean differs = !request.options().isEmpty() && !request.options().equals(record.options());
    if (!record.users().isEmpty()) {
      if (!intact) {
        throw new VolumeException(
            "%s is not usable at %s any more, but containers %s hold it; end them first, and see why its file system went away"
                .formatted(
                    record.id(),
                    record.mountpoint().map(Path::toString).orElse("its mountpoint"),
                    record.users()));
      }
      if (differs) {
        throw new VolumeException(
            "%s is in use by containers %s with other options (%s) than asked for here (%s); use the same, or none"
                .formatted(record.id(), record.users(), record.options(), request.options()));
      }
    } else if (!intact || differs) {
      if (!unmount(record)) {
        throw new VolumeException(
            "%s cannot be mounted: what is left of its last mount could not be unmounted yet, which is tried again; see the agent's log"
                .formatted(record.id()));
      }
      return null;
    }
    // Also a volume whose unmount failed is taken up again when it is still whole.
    save(record.with(container).in(State.MOUNTED));
    log.info("%s is shared with container %s".formatted(record.id(), container));
    return record.mountpoint().orElseThrow();
  }

  private Path mountFirst(VolumeRequest request, ContainerId container, Deadline deadline)
      throws VolumeException {
    VolumeId id = request.id();
    VolumeDriver driver;
    Optional<Path> expected;
    try {
      driver = drivers.named(id.driver());
      expected = driver.mountpoint(id);
    } catch (InvalidRequestException e) {
      throw new VolumeException(String.valueOf(e.getMessage()), e);
    }
    if (expected.map(proof::isMountpoint).orElse(false)) {
      // Later it could not be told from ours, and would be unmounted with it.
      throw new VolumeException(
          "%s cannot be mounted: something that this module did not mount is mounted at %s already; unmount it first"
              .formatted(id, expected.get()));
    }
    Optional<MountIdentity> before = expected.flatMap(proof::before);
    VolumeRecord record =
        VolumeRecord.mounting(
            id, request.options(), UUID.randomUUID().toString(), expected, bootId, container);
    save(record);
    Mountpoint mountpoint;
    Proven proven;
    try {
      mountpoint =
          driver.mount(
              new VolumeDriver.Mount(
                  id, request.options(), request.mustExist(), record.mountId(), deadline));
      record = record.at(mountpoint.path());
      proven =
          proof.prove(
              mountpoint,
              before,
              policy.plainDirectories().contains(id.driver()),
              !request.readOnly());
      record = record.mounted(mountpoint.path(), proven.identity(), mountpoint.readOnly());
      save(record);
    } catch (DriverException e) {
      abandon(record.without(container), e.isUncertain());
      throw new VolumeException("%s cannot be mounted: %s".formatted(id, e.getMessage()), e);
    } catch (ProofException e) {
      abandon(record.without(container), true);
      throw new VolumeException("%s cannot be used: %s".formatted(id, e.getMessage()), e);
    } catch (VolumeException | RuntimeException | Error e) {
      abandon(record.without(container), true);
      throw e;
    }
    log.info("%s is mounted at %s: %s".formatted(id, mountpoint.path(), proven.fileSystem()));
    return mountpoint.path();
  }

  /**
   * Leaves nothing of a mount that did not succeed; what cannot be undone now is tried again later.
   */
  private void abandon(VolumeRecord record, boolean mayBeMounted) {
    known.put(record.id(), record);
    if (mayBeMounted || record.mountpoint().map(proof::isMountpoint).orElse(false)) {
      unmount(record);
    } else {
      forget(record.id());
    }
  }

  private void giveUp(VolumeId volume, ContainerId container) {
    VolumeRecord record = known.get(volume);
    if (record == null || !record.users().contains(container)) {
      return;
    }
    VolumeRecord left = record.without(container);
    if (left.users().isEmpty()) {
      unmount(left);
    } else {
      keep(left);
      log.info("%s is still held by %s".formatted(volume, left.users()));
    }
  }

  /**
   * Unmounts a volume that nobody holds.
   *
   * @return whether it is gone; if not, that is in the log and will be tried again
   */
  private boolean unmount(VolumeRecord held) {
    VolumeRecord record = held.in(State.UNMOUNTING);
    // Written first: the next agent must know of an unmount that this one did not live to see the
    // end of.
    if (!keep(record)) {
      retryLater(record.id());
      return false;
    }
    String failure = isForeign(record) ? null : driverUnmount(record);
    if (isMounted(record, failure != null)) {
      log.error(
          "%s could not be unmounted%s: %s; it is tried again"
              .formatted(
                  record.id(),
                  record.mountpoint().map(path -> " from " + path).orElse(""),
                  failure == null
                      ? "its driver says that it is unmounted, but it still is"
                      : failure));
      retryLater(record.id());
      return false;
    }
    if (failure != null) {
      log.warning(
          "%s is not mounted any more, although its driver said: %s"
              .formatted(record.id(), failure));
    }
    if (!forget(record.id())) {
      retryLater(record.id());
      return true;
    }
    retries.done(record.id());
    log.info(
        "%s is unmounted%s"
            .formatted(record.id(), record.mountpoint().map(path -> " from " + path).orElse("")));
    return true;
  }

  private @Nullable String driverUnmount(VolumeRecord record) {
    try {
      drivers
          .named(record.id().driver())
          .unmount(
              new VolumeDriver.Unmount(
                  record.id(),
                  record.mountId(),
                  record.mountpoint(),
                  Deadline.after(policy.unmountTimeout())));
      return null;
    } catch (DriverException | InvalidRequestException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * Our mount is gone, and somebody else has mounted something there since: that is not ours to
   * unmount.
   */
  private boolean isForeign(VolumeRecord record) {
    Path path = record.mountpoint().orElse(null);
    return path != null
        && record.identity().isPresent()
        && proof.now(path, record.identity().get()) == Proof.Now.GONE
        && proof.isMountpoint(path);
  }

  /** The mount table's word counts; the driver's only where there is nothing to look at. */
  private boolean isMounted(VolumeRecord record, boolean failed) {
    Path path = record.mountpoint().orElse(null);
    if (path == null) {
      return failed;
    }
    return record
        .identity()
        .map(identity -> proof.now(path, identity) != Proof.Now.GONE)
        .orElseGet(() -> proof.isMountpoint(path));
  }

  private void retryLater(VolumeId volume) {
    retries.later(
        volume,
        () ->
            lanes.run(
                volume,
                () -> {
                  VolumeRecord record = known.get(volume);
                  if (record == null || !record.users().isEmpty()) {
                    retries.done(volume);
                  } else {
                    unmount(record);
                  }
                }));
  }

  /** Writes a record before the world is changed: failing is still possible. */
  private void save(VolumeRecord record) throws VolumeException {
    try {
      records.write(record);
      known.put(record.id(), record);
    } catch (IOException e) {
      throw new VolumeException(
          "%s cannot be mounted: its record cannot be written (%s); is the disk of state_dir full?"
              .formatted(record.id(), e.getMessage()),
          e);
    }
  }

  /**
   * Writes a record that says less than before: there is no way back, so a failure is only told.
   */
  private boolean keep(VolumeRecord record) {
    known.put(record.id(), record);
    try {
      records.write(record);
      return true;
    } catch (IOException e) {
      log.error("the record of %s cannot be written: %s".formatted(record.id(), e.getMessage()));
      return false;
    }
  }

  private boolean forget(VolumeId volume) {
    try {
      records.remove(volume);
      known.remove(volume);
      return true;
    } catch (IOException e) {
      log.error("the record of %s cannot be removed: %s".formatted(volume, e.getMessage()));
      return false;
    }
  }
}
