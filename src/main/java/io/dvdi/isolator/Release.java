// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.log.Log;
import io.dvdi.mount.Proof;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Takes containers off the holders of volumes, unmounts what nobody holds, and tries again what did
 * not succeed, whatever the reason was. Called in the volume's lane.
 */
final class Release {
  /** Whose last unmount failed. */
  private final Set<VolumeId> stuck = ConcurrentHashMap.newKeySet();

  /** Whose driver was told to unmount it and did not answer: it may still do so. */
  private final Set<VolumeId> unanswered = ConcurrentHashMap.newKeySet();

  /** Which are not mounted any more, but whose record the disk does not let go. */
  private final Set<VolumeId> unmounted = ConcurrentHashMap.newKeySet();

  /** Containers that could not be taken off, for want of memory. */
  private final ConcurrentMap<VolumeId, Set<ContainerId>> leaving = new ConcurrentHashMap<>();

  private final Account account;
  private final Unmounter unmounter;
  private final Proof proof;
  private final Policy policy;
  private final Lanes lanes;
  private final Retries retries;
  private final Metrics metrics;
  private final Log log;

  Release(
      Account account,
      Unmounter unmounter,
      Proof proof,
      Policy policy,
      Lanes lanes,
      Retries retries,
      Metrics metrics,
      Log log) {
    this.account = account;
    this.unmounter = unmounter;
    this.proof = proof;
    this.policy = policy;
    this.lanes = lanes;
    this.retries = retries;
    this.metrics = metrics;
    this.log = log;
  }

  /** Whether an unmount that was begun may still take effect, although the volume is mounted. */
  boolean mayStillUnmount(VolumeId volume) {
    return unanswered.contains(volume);
  }

  /** A volume that was to be unmounted is used again. */
  void takenUp(VolumeId volume) {
    metrics.add(Metric.VOLUMES_STUCK, stuck.remove(volume) ? -1 : 0);
  }

  /** A volume is about to be mounted anew, with a record of its own. */
  void begun(VolumeId volume) {
    unmounted.remove(volume);
    unanswered.remove(volume);
  }

  /**
   * Takes the container off the volume's holders, and unmounts it if it was the last. Never throws:
   * nobody would ask again.
   */
  void giveUp(VolumeId volume, ContainerId container) {
    try {
      takeOff(volume, container);
    } catch (Throwable e) {
      leaving.computeIfAbsent(volume, id -> ConcurrentHashMap.newKeySet()).add(container);
      again(volume, e);
    }
  }

  private void takeOff(VolumeId volume, ContainerId container) {
    VolumeRecord record = account.of(volume);
    if (record == null || !record.users().contains(container)) {
      return;
    }
    VolumeRecord left = record.without(container);
    if (left.users().isEmpty()) {
      unmount(left);
    } else {
      account.keep(left);
      log.info("%s is still held by %s".formatted(volume, left.users()));
    }
  }

  /** Unmounts the volume if nobody holds it. Never throws. */
  void tidy(VolumeId volume) {
    try {
      Set<ContainerId> late = leaving.getOrDefault(volume, Set.of());
      for (ContainerId container : List.copyOf(late)) {
        takeOff(volume, container);
        late.remove(container);
      }
      leaving.remove(volume);
      VolumeRecord record = account.of(volume);
      if (record == null || !record.users().isEmpty()) {
        retries.done(volume);
      } else {
        unmount(record);
      }
    } catch (Throwable e) {
      again(volume, e);
    }
  }

  private void again(VolumeId volume, Throwable e) {
    retryLater(volume);
    log.error("giving up %s ended with %s, and is tried again".formatted(volume, e));
  }

  private void retryLater(VolumeId volume) {
    retries.later(volume, () -> lanes.run(volume, () -> tidy(volume)));
  }

  /**
   * Leaves nothing of a mount that did not succeed; what cannot be undone now is tried again later.
   */
  void abandon(VolumeRecord record, boolean mayBeMounted) {
    account.note(record);
    try {
      metrics.add(Metric.MOUNT_FAILURES, 1);
      if (mayBeMounted || record.mountpoint().map(proof::isMountpoint).orElse(false)) {
        unmounter.mayComeWithin(record.id(), policy.mountTimeout());
        boolean unused = unmount(record);
      } else {
        forget(record.id());
      }
    } catch (Throwable e) {
      again(record.id(), e);
    }
  }

  /**
   * Unmounts a volume that nobody holds.
   *
   * @return whether it is gone; if not, that is in the log and will be tried again
   */
  boolean unmount(VolumeRecord held) {
    if (unmounted.contains(held.id())) {
      // Told once more, a driver that counts would take it for another user's.
      forget(held.id());
      return true;
    }
    boolean givenUp = held.state() == State.GIVEN_UP;
    VolumeRecord record = givenUp ? held : held.in(State.UNMOUNTING);
    // Written first: the next agent must know of an unmount that this one did not live to see the
    // end of.
    // Where the disk is full, what is on it says MOUNTED: recover finds out as well, and unmounting
    // may be what frees the disk.
    account.keep(record);
    Unmounter.Outcome outcome = unmounter.unmount(record);
    if (!outcome.gone()) {
      failed(record, outcome);
      return false;
    }
    unmounted.add(record.id()); // first of all: whatever fails from here on, its driver was told
    unanswered.remove(record.id());
    metrics.add(Metric.UNMOUNTS, 1);
    takenUp(record.id());
    outcome
        .failure()
        .ifPresent(
            failure ->
                log.warning(
                    "%s is not mounted any more, but not as it should have gone: %s"
                        .formatted(record.id(), failure)));
    if (forget(record.id())) {
      log.info(
          "%s is unmounted%s"
              .formatted(record.id(), record.mountpoint().map(path -> " from " + path).orElse("")));
    }
    return true;
  }

  private void failed(VolumeRecord record, Unmounter.Outcome outcome) {
    if (!outcome.answered()) {
      unanswered.add(record.id());
    }
    retryLater(record.id());
    if (record.state() == State.GIVEN_UP) {
      return;
    }
    if (outcome.failure().isEmpty()) {
      // Docker, or another agent, may have it from the same plugin. One that counts its users
      // would take a second Unmount for theirs, also one of the next agent.
      account.keep(record.in(State.GIVEN_UP));
    }
    metrics.add(Metric.UNMOUNT_FAILURES, 1);
    metrics.add(Metric.VOLUMES_STUCK, stuck.add(record.id()) ? 1 : 0);
    log.error(
        "%s could not be unmounted%s: %s; it is tried again"
            .formatted(
                record.id(),
                record.mountpoint().map(path -> " from " + path).orElse(""),
                outcome
                    .failure()
                    .orElse(
                        "its driver says that it is unmounted, but it still is; another user of the"
                            + " driver may hold it")));
  }

  private boolean forget(VolumeId volume) {
    if (account.forget(volume)) {
      unmounted.remove(volume);
      retries.done(volume);
      return true;
    }
    unmounted.add(volume);
    retryLater(volume);
    return false;
  }
}
