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
import io.dvdi.mount.Mounts;
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
  private final Unmounter unmounter;
  private final Log log;
  private final String bootId;

  Volumes(
      Drivers drivers,
      Mounts mounts,
      Proof proof,
      Records records,
      Policy policy,
      Lanes lanes,
      Retries retries,
      Log log,
      String bootId) {
    this.drivers = drivers;
    this.proof = proof;
    this.unmounter = new Unmounter(drivers, mounts, proof, policy.unmountTimeout(), log);
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
    Runnable operation = () -> hold(request, container, deadline, answer);
    lanes.run(request.id(), operation);
    CompletableFuture<Path> unused =
        answer.whenComplete(
            // Given up before its turn, it would only keep its request in memory until then.
            (mountpoint, failure) -> lanes.withdraw(request.id(), operation));
    return answer;
  }

  private void hold(
      VolumeRequest request,
      ContainerId container,
      Deadline deadline,
      CompletableFuture<Path> answer) {
    if (answer.isDone()) {
      return;
    }
    Path mountpoint;
    try {
      mountpoint = mounted(request, container, deadline);
    } catch (Throwable e) {
      // Also when it failed after all was done, for want of memory.
      giveUp(request.id(), container);
      answer.completeExceptionally(e);
      return;
    }
    if (!answer.complete(mountpoint)) {
      giveUp(request.id(), container);
      log.warning(
          "%s was mounted after container %s had given up, and was released again"
              .formatted(request.id(), container));
    }
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
    // Known from now on, also if it takes a while until its turn comes.
    known.put(record.id(), record);
    return inLane(
        record.id(),
        () -> {
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
      if (!request.readOnly() && !record.readOnly() && isReadOnly(record)) {
        throw new VolumeException(
            "%s is mounted read-only, but the task asks for a volume that it can write; ask for mode RO, or see why it is so"
                .formatted(record.id()));
      }
      if (differs) {
        throw new VolumeException(
            "%s is in use by containers %s with other options (%s) than asked for here (%s); use the same, or none"
                .formatted(record.id(), record.users(), record.options(), request.options()));
      }
    } else if (!intact || differs || isReadOnly(record) != record.readOnly()) {
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

  private boolean isReadOnly(VolumeRecord record) {
    return record.mountpoint().map(proof::isReadOnly).orElse(false);
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
    VolumeRecord record =
        VolumeRecord.mounting(
            id,
            drivers.kindOf(driver),
            request.options(),
            UUID.randomUUID().toString(),
            expected,
            bootId,
            container);
    save(record);
    Mountpoint mountpoint;
    Proven proven;
    try {
      Mounts.Mark mark = proof.mark();
      mountpoint =
          driver.mount(
              new VolumeDriver.Mount(
                  id, request.options(), request.mustExist(), record.mountId(), deadline));
      record = record.at(mountpoint.path());
      proven =
          proof.prove(
              mountpoint,
              mark,
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
      unmounter.mayComeWithin(record.id(), policy.mountTimeout());
      unmount(record);
    } else if (!forget(record.id())) {
      retryLater(record.id());
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
    // Where the disk is full, what is on it says MOUNTED: recover finds out as well, and unmounting
    // may be what frees the disk.
    keep(record);
    Unmounter.Outcome outcome = unmounter.unmount(record);
    if (!outcome.gone()) {
      retryLater(record.id());
      log.error(
          "%s could not be unmounted%s: %s; it is tried again"
              .formatted(
                  record.id(),
                  record.mountpoint().map(path -> " from " + path).orElse(""),
                  outcome
                      .failure()
                      .orElse("its driver says that it is unmounted, but it still is")));
      return false;
    }
    outcome
        .failure()
        .ifPresent(
            failure ->
                log.warning(
                    "%s is not mounted any more, but not as it should have gone: %s"
                        .formatted(record.id(), failure)));
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
