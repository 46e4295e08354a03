// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.Drivers;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.log.Log;
import io.dvdi.mount.Mounts;
import io.dvdi.mount.Owner;
import io.dvdi.mount.Proof;
import io.dvdi.mount.Proof.Proven;
import io.dvdi.mount.ProofException;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.VolumeId;
import io.dvdi.volume.VolumeRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of this host, and who holds them. Each operation runs in its volume's lane, so that
 * all that is below sees one volume alone and nobody else touching it. Thread-safe.
 *
 * <p>Where the disk refuses a record, the operation fails before it changes the world, or goes on
 * and is retried when it was about giving something up.
 */
final class Volumes {
  private final Account account;
  private final Drivers drivers;
  private final Proof proof;
  private final Ownership ownership;
  private final Policy policy;
  private final Lanes lanes;
  private final Release release;
  private final Metrics metrics;
  private final Log log;
  private final String bootId;

  Volumes(
      Account account,
      Drivers drivers,
      Mounts mounts,
      Proof proof,
      Ownership ownership,
      Policy policy,
      Lanes lanes,
      Retries retries,
      Metrics metrics,
      Log log,
      String bootId) {
    this.account = account;
    this.drivers = drivers;
    this.proof = proof;
    this.ownership = ownership;
    this.policy = policy;
    this.lanes = lanes;
    this.metrics = metrics;
    this.log = log;
    this.bootId = bootId;
    this.release =
        new Release(
            account,
            new Unmounter(drivers, mounts, proof, policy.unmountTimeout(), log),
            proof,
            policy,
            lanes,
            retries,
            metrics,
            log);
  }

  /**
   * Makes the container a holder of the volume, mounting it if it is the first. The answer is the
   * volume's mountpoint.
   *
   * <p>A caller that does not want to wait any longer completes the answer itself. A mount that
   * succeeds after that is undone, before anything else is done with the volume.
   *
   * @param owner to whom it is given when this mounts it
   * @param here use the calling thread, which may take as long as the driver does
   * @param answer completed by this, in the volume's lane
   */
  void hold(
      VolumeRequest request,
      ContainerId container,
      Optional<Owner> owner,
      Deadline deadline,
      boolean here,
      CompletableFuture<Path> answer) {
    Runnable operation = () -> hold(request, container, owner, deadline, answer);
    CompletableFuture<Path> unused =
        answer.whenComplete(
            // Given up before its turn, it would only keep its request in memory until then.
            (mountpoint, failure) -> lanes.withdraw(request.id(), operation));
    if (here) {
      lanes.runHere(request.id(), operation);
    } else {
      lanes.run(request.id(), operation);
    }
  }

  private void hold(
      VolumeRequest request,
      ContainerId container,
      Optional<Owner> owner,
      Deadline deadline,
      CompletableFuture<Path> answer) {
    if (answer.isDone()) {
      return;
    }
    Path mountpoint;
    try {
      mountpoint = mounted(request, container, owner, deadline);
    } catch (Throwable e) {
      // Also when it failed after all was done, for want of memory.
      release.giveUp(request.id(), container);
      answer.completeExceptionally(e);
      return;
    }
    if (!answer.complete(mountpoint)) {
      release.giveUp(request.id(), container);
      metrics.add(Metric.MOUNT_FAILURES, 1);
      log.warning(
          "%s was mounted after container %s had given up, and was released again"
              .formatted(request.id(), container));
    }
  }

  /** Whether it is mounted by this module, or about to be, or may be. */
  boolean has(VolumeId volume) {
    return account.of(volume) != null;
  }

  /** The volume as its driver was told, if it is known under another spelling. */
  VolumeId spelled(VolumeId volume) {
    VolumeRecord record = account.of(volume);
    return record == null ? volume : record.id();
  }

  /**
   * Takes the container off the volume's holders, and unmounts it if it was the last. Answers when
   * that was tried once.
   */
  CompletableFuture<@Nullable Void> release(VolumeId volume, ContainerId container) {
    return inLane(volume, () -> release.giveUp(volume, container));
  }

  /** Takes the container off all of these, in their order. */
  List<CompletableFuture<@Nullable Void>> release(List<VolumeId> held, ContainerId container) {
    List<CompletableFuture<@Nullable Void>> operations = new ArrayList<>(held.size());
    for (VolumeId volume : held) {
      operations.add(release(volume, container));
    }
    return operations;
  }

  /**
   * Takes over a record of an earlier agent: holders that are no longer alive are dropped, and a
   * volume without holders is unmounted.
   */
  CompletableFuture<@Nullable Void> recover(VolumeRecord record, Set<ContainerId> alive) {
    // Known from now on, also if it takes a while until its turn comes.
    account.note(record);
    return inLane(
        record.id(),
        () -> {
          if (!record.bootId().equals(bootId)) {
            log.info(
                "%s was mounted before the host was booted; its record is removed"
                    .formatted(record.id()));
            account.forget(record.id());
            return;
          }
          for (ContainerId container : record.users()) {
            if (!alive.contains(container)) {
              release.giveUp(record.id(), container);
            }
          }
          VolumeRecord left = account.of(record.id());
          if (left != null && left.users().isEmpty()) {
            // Nobody held it when the earlier agent ended: an unmount was to be tried again.
            if (record.users().isEmpty()) {
              release.tidy(left.id());
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

  private Path mounted(
      VolumeRequest request, ContainerId container, Optional<Owner> owner, Deadline deadline)
      throws VolumeException {
    VolumeRecord record = account.of(request.id());
    if (record == null) {
      return mountFirst(request, container, owner, deadline);
    }
    Path mountpoint = joined(record, request, container);
    return mountpoint != null ? mountpoint : mountFirst(request, container, owner, deadline);
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
    boolean differs =
        !record.isTakenOver()
            && !request.options().isEmpty()
            && !request.options().equals(record.options());
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
    } else if (record.state() == State.GIVEN_UP) {
      // The driver has to count us anew, or the volume goes with its other user.
      release.takenUp(record.id());
      return null;
    } else if (!intact
        || differs
        || release.mayStillUnmount(record.id())
        || isReadOnly(record) != record.readOnly()) {
      if (!release.unmount(record)) {
        throw new VolumeException(
            "%s cannot be mounted: what is left of its last mount could not be unmounted yet, which is tried again; see the agent's log"
                .formatted(record.id()));
      }
      return null;
    }
    // Also a volume whose unmount failed is taken up again when it is still whole.
    account.save(record.with(container).in(State.MOUNTED));
    release.takenUp(record.id());
    log.info("%s is shared with container %s".formatted(record.id(), container));
    return record.mountpoint().orElseThrow();
  }

  private boolean isReadOnly(VolumeRecord record) {
    return record.mountpoint().map(proof::isReadOnly).orElse(false);
  }

  private Path mountFirst(
      VolumeRequest request, ContainerId container, Optional<Owner> owner, Deadline deadline)
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
    Mounts.Mark mark;
    try {
      mark = proof.mark();
    } catch (ProofException e) {
      metrics.add(Metric.MOUNT_FAILURES, 1);
      throw new VolumeException("%s cannot be mounted: %s".formatted(id, e.getMessage()), e);
    }
    account.save(record);
    release.begun(id);
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
              mark,
              policy.plainDirectories().contains(id.driver()),
              !request.readOnly());
      if (owner.isPresent()) {
        ownership.give(request, mountpoint, proven.identity(), owner.get());
      }
      record = record.mounted(mountpoint.path(), proven.identity(), mountpoint.readOnly());
      account.save(record);
    } catch (DriverException e) {
      release.abandon(record.without(container), e.isUncertain());
      throw new VolumeException("%s cannot be mounted: %s".formatted(id, e.getMessage()), e);
    } catch (ProofException e) {
      release.abandon(record.without(container), true);
      throw new VolumeException("%s cannot be used: %s".formatted(id, e.getMessage()), e);
    } catch (VolumeException | RuntimeException | Error e) {
      release.abandon(record.without(container), true);
      throw e;
    }
    metrics.add(Metric.MOUNTS, 1);
    log.info("%s is mounted at %s: %s".formatted(id, mountpoint.path(), proven.fileSystem()));
    return mountpoint.path();
  }
}
