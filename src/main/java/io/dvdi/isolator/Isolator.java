// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.Predecessors;
import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.Drivers;
import io.dvdi.log.Log;
import io.dvdi.mount.Mounts;
import io.dvdi.mount.Owners;
import io.dvdi.mount.Proof;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import io.dvdi.volume.VolumeRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The agent's calls. Each returns at once with a future that is completed exactly once and within
 * its deadline, whatever drivers and disks do. Thread-safe.
 */
public final class Isolator {
  /** How long recover waits for orphans to be unmounted; what takes longer goes on behind it. */
  private static final Duration RECOVER_TIMEOUT = Duration.ofSeconds(10);

  /** A container that was prepared, or is being prepared. */
  private static final class Prepared {
    final CompletableFuture<Launch> launch = new CompletableFuture<>();

    /** In the order in which they were asked for. Written before the launch is completed. */
    volatile List<VolumeId> volumes = List.of();
  }

  private final ConcurrentMap<ContainerId, Prepared> containers = new ConcurrentHashMap<>();
  private final Account account;
  private final Volumes volumes;
  private final Preparation preparation;
  private final Watch watch;
  private final NameCase names;
  private final Proof proof;
  private final RecordFolder records;
  private final Predecessors predecessors;
  private final Policy policy;
  private final ExecutorService threads;
  private final PatientExecutor patient;
  private final Lanes lanes;
  private final Log log;
  private volatile boolean recovered;

  /**
   * @param threads one for each operation under way, without a limit: any of them may block for a
   *     minute
   * @param timer for pauses
   * @param deadlines for what is to happen at a deadline, also after the timer was shut down
   * @param folders makes the folders that volumes are bound over
   * @param owners gives volumes to the users of tasks
   * @param bootId of this boot
   */
  public Isolator(
      Drivers drivers,
      Mounts mounts,
      Proof proof,
      RecordFolder records,
      Predecessors predecessors,
      Policy policy,
      Folders folders,
      Owners owners,
      ExecutorService threads,
      ScheduledExecutorService timer,
      ScheduledExecutorService deadlines,
      Metrics metrics,
      Log log,
      String bootId) {
    this.names = new NameCase(policy.compatibility().anyCase(), bootId, log);
    this.proof = proof;
    this.records = records;
    this.predecessors = predecessors;
    this.policy = policy;
    this.threads = threads;
    this.log = log;
    this.patient = new PatientExecutor(threads, deadlines);
    this.lanes = new Lanes(patient, metrics, log);
    this.account = new Account(records, metrics, log);
    Ownership ownership = new Ownership(owners, log);
    this.volumes =
        new Volumes(
            account,
            drivers,
            mounts,
            proof,
            ownership,
            policy,
            lanes,
            new Retries(timer, policy.firstRetry(), policy.longestRetry()),
            metrics,
            log,
            bootId);
    this.preparation =
        new Preparation(drivers, volumes, policy, folders, names, ownership, deadlines, log);
    this.watch = new Watch(account, proof, policy.endsLost(), threads, metrics, log);
    watch.every(policy.watchInterval(), timer);
  }

  /**
   * Takes over what an earlier agent left. Never fails: an agent whose isolator fails here does not
   * start.
   *
   * @param alive the containers that the host knows; volumes that only others held are unmounted
   */
  public CompletableFuture<@Nullable Void> recover(Set<ContainerId> alive) {
    return CompletableFuture.runAsync(
            () -> {
              List<CompletableFuture<@Nullable Void>> operations = new ArrayList<>();
              List<VolumeRecord> all = new ArrayList<>(loaded());
              all.addAll(predecessors.takeOver(all, alive));
              for (VolumeRecord record : names.adopted(all)) {
                record.users().stream()
                    .filter(alive::contains)
                    .forEach(user -> adopt(user, record.id()));
                operations.add(volumes.recover(record, alive));
              }
              Deadline deadline = Deadline.after(RECOVER_TIMEOUT);
              for (CompletableFuture<@Nullable Void> operation : operations) {
                if (!deadline.ended(operation)) {
                  log.warning(
                      "some volumes of ended containers are not unmounted yet; that goes on in the"
                          + " background");
                  break;
                }
              }
            },
            threads)
        .handle(
            (nothing, failure) -> {
              if (failure != null) {
                log.error("recovery was not complete: " + failure);
              }
              recovered = true;
              return null;
            });
  }

  private List<VolumeRecord> loaded() {
    try {
      return records.readAll(
          (file, reason) ->
              log.error(
                  "the record %s is not readable (%s) and is left out; if its volume is still mounted, unmount it by hand"
                      .formatted(file, reason)));
    } catch (IOException e) {
      log.error(
          "the records cannot be read, and so volumes of earlier containers stay mounted: " + e);
      return List.of();
    }
  }

  private void adopt(ContainerId container, VolumeId volume) {
    Prepared prepared = containers.computeIfAbsent(container, id -> new Prepared());
    List<VolumeId> more = new ArrayList<>(prepared.volumes);
    more.add(volume);
    prepared.volumes = more;
    prepared.launch.complete(Launch.NOTHING);
  }

  /**
   * Mounts all volumes of a container, or none; in that case the future fails with a text for the
   * task's author.
   */
  public CompletableFuture<Launch> prepare(Container container) {
    Prepared prepared = new Prepared();
    if (!recovered) {
      return CompletableFuture.failedFuture(
          new VolumeException("recover has not ended yet; prepare comes after it"));
    }
    if (containers.putIfAbsent(container.id(), prepared) != null) {
      return CompletableFuture.failedFuture(
          new VolumeException("Container has already been prepared"));
    }
    try {
      Deadline deadline = Deadline.after(policy.mountTimeout());
      threads.execute(() -> prepare(container, prepared, deadline));
    } catch (RuntimeException | Error e) {
      containers.remove(container.id());
      throw e;
    }
    return prepared.launch;
  }

  private void prepare(Container container, Prepared prepared, Deadline deadline) {
    try {
      List<VolumeRequest> requests = preparation.requests(container);
      if (requests.isEmpty()) {
        containers.remove(container.id());
        prepared.launch.complete(Launch.NOTHING);
        return;
      }
      Mounting mounting = preparation.mounting(container, requests, deadline);
      CompletableFuture<Mounting.Mounted> unused =
          mounting
              .answer()
              .whenComplete((mounted, failure) -> answer(container, prepared, mounted, failure));
      preparation.mount(container, mounting);
    } catch (VolumeException | RuntimeException | Error e) {
      fail(container, prepared, e);
    }
  }

  private void answer(
      Container container,
      Prepared prepared,
      Mounting.@Nullable Mounted mounted,
      @Nullable Throwable failure) {
    if (mounted == null) {
      fail(container, prepared, Objects.requireNonNull(failure));
      return;
    }
    try {
      prepared.volumes = mounted.volumes();
      prepared.launch.complete(preparation.launch(container.id(), mounted));
    } catch (RuntimeException | Error e) {
      fail(container, prepared, e);
    }
  }

  /** Nothing is made here: there may be no memory left to make it of. */
  private void fail(Container container, Prepared prepared, Throwable failure) {
    // Where volumes are held, the container stays known, so that its cleanup finds them.
    if (prepared.volumes.isEmpty()) {
      containers.remove(container.id());
    }
    prepared.launch.completeExceptionally(failure);
  }

  /**
   * Gives up a container's volumes. A volume that cannot be unmounted does not make it fail: that
   * is on record and is tried again, while a failed cleanup would leave the container for ever in
   * its agent. A container that is not known is no error.
   */
  public CompletableFuture<@Nullable Void> cleanup(ContainerId container) {
    Prepared prepared = containers.get(container);
    if (prepared == null) {
      return CompletableFuture.completedFuture(null);
    }
    return prepared.launch.handleAsync(
        (launch, failure) -> {
          releaseAll(container, prepared.volumes.reversed());
          containers.remove(container, prepared);
          watch.end(container);
          return null;
        },
        patient);
  }

  /** Tries all to the end, whatever fails on the way. */
  private void releaseAll(ContainerId container, List<VolumeId> held) {
    Deadline deadline = Deadline.after(policy.unmountTimeout());
    List<CompletableFuture<@Nullable Void>> operations = volumes.release(held, container);
    for (CompletableFuture<@Nullable Void> operation : operations) {
      if (!deadline.ended(operation)) {
        log.warning(
            "container %s: not all volumes were unmounted within %s (unmount_timeout); that goes on in the background"
                .formatted(container, deadline.words()));
        return;
      }
    }
  }

  /**
   * How full the container's volumes are. One whose file system does not answer is left out, and so
   * is a plain directory, which is as full as its host.
   */
  public CompletableFuture<List<VolumeUsage>> usage(ContainerId container) {
    Prepared prepared = containers.get(container);
    if (prepared == null || prepared.volumes.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    List<CompletableFuture<Optional<VolumeUsage>>> looks = new ArrayList<>();
    for (VolumeId volume : prepared.volumes) {
      looks.add(CompletableFuture.supplyAsync(() -> usage(volume), threads));
    }
    return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
        .thenApply(nothing -> looks.stream().flatMap(look -> look.join().stream()).toList());
  }

  private Optional<VolumeUsage> usage(VolumeId volume) {
    VolumeRecord record = account.of(volume);
    if (record == null || record.mountpoint().isEmpty() || record.identity().isEmpty()) {
      return Optional.empty();
    }
    Path path = record.mountpoint().get();
    return proof.fileSystem(path).map(found -> new VolumeUsage(volume, path, found));
  }

  /**
   * Answers with a reason for ending the container when one of its volumes is lost and the operator
   * wants that, and without one when it is cleaned up or has no volumes.
   */
  public CompletableFuture<Optional<String>> watch(ContainerId container) {
    Prepared prepared = containers.get(container);
    if (prepared == null || prepared.volumes.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CompletableFuture<Optional<String>> answer = watch.of(container);
    if (!containers.containsKey(container)) {
      watch.end(container); // it was cleaned up in between
    }
    return answer;
  }

  /**
   * Answers all who watch, and waits until no operation is under way.
   *
   * @return whether that was so within the time
   */
  public boolean quiet(Duration time) {
    watch.endAll();
    Deadline deadline = Deadline.after(time);
    while (lanes.busy() > 0) {
      if (deadline.left().isZero()) {
        return false;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
