// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.Drivers;
import io.dvdi.log.Log;
import io.dvdi.mount.Mounts;
import io.dvdi.mount.Proof;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import io.dvdi.volume.VolumeRequest;
import io.dvdi.volume.VolumeRequests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /**
     * In the order in which they were asked for. Written before the launch is completed, read
     * after.
     */
    List<VolumeId> volumes = List.of();
  }

  private final ConcurrentMap<ContainerId, Prepared> containers = new ConcurrentHashMap<>();
  private final Drivers drivers;
  private final Volumes volumes;
  private final RecordFolder records;
  private final Policy policy;
  private final Folders folders;
  private final ExecutorService threads;
  private final Lanes lanes;
  private final Log log;
  private volatile boolean recovered;

  /**
   * @param threads one for each operation under way, without a limit: any of them may block for a
   *     minute
   * @param timer for pauses
   * @param folders makes the folders that volumes are bound over
   * @param bootId of this boot
   */
  public Isolator(
      Drivers drivers,
      Mounts mounts,
      Proof proof,
      RecordFolder records,
      Policy policy,
      Folders folders,
      ExecutorService threads,
      ScheduledExecutorService timer,
      Log log,
      String bootId) {
    this.drivers = drivers;
    this.records = records;
    this.policy = policy;
    this.folders = folders;
    this.threads = threads;
    this.log = log;
    this.lanes = new Lanes(threads, log);
    this.volumes =
        new Volumes(
            drivers,
            mounts,
            proof,
            records,
            policy,
            lanes,
            new Retries(timer, policy.firstRetry(), policy.longestRetry()),
            log,
            bootId);
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
              for (VolumeRecord record : loaded()) {
                record.users().stream()
                    .filter(alive::contains)
                    .forEach(user -> adopt(user, record.id()));
                operations.add(volumes.recover(record, alive));
              }
              Deadline deadline = Deadline.after(RECOVER_TIMEOUT);
              for (CompletableFuture<@Nullable Void> operation : operations) {
                if (!ended(operation, deadline)) {
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
      List<VolumeRequest> requests =
          VolumeRequests.parse(
              container.environment(), container.volumes(), policy.defaultDriver());
      if (requests.isEmpty()) {
        containers.remove(container.id());
        prepared.launch.complete(Launch.NOTHING);
        return;
      }
      for (VolumeRequest request : requests) {
        checkProgram(request);
        drivers.named(request.id().driver()).check(request.id(), request.options());
      }
      List<@Nullable Target> targets = targets(container, requests, deadline);
      List<Path> mountpoints = mountAll(container.id(), requests, deadline);
      prepared.volumes = requests.stream().map(VolumeRequest::id).toList();
      prepared.launch.complete(launch(container.id(), requests, targets, mountpoints));
    } catch (VolumeException | RuntimeException | Error e) {
      // Nothing is made here: there may be no memory left to make it of. Where volumes are held,
      // the
      // container stays known, so that its cleanup finds them.
      if (prepared.volumes.isEmpty()) {
        containers.remove(container.id());
      }
      prepared.launch.completeExceptionally(e);
    }
  }

  /** On a thread of its own: a path of the host may lie on a file server that is away. */
  private List<@Nullable Target> targets(
      Container container, List<VolumeRequest> requests, Deadline deadline) throws VolumeException {
    Future<List<@Nullable Target>> targets =
        threads.submit(
            () -> {
              List<@Nullable Target> found = new ArrayList<>();
              for (VolumeRequest request : requests) {
                found.add(
                    request.containerPath().isEmpty()
                        ? null
                        : Target.of(
                            container, request.containerPath().get(), request.field(), folders));
              }
              return found;
            });
    if (!ended(targets, deadline)) {
      throw new VolumeException(
          "the container paths could not be looked at within %s (mount_timeout): the file system that they are on does not answer"
              .formatted(words(deadline.span())));
    }
    try {
      return targets.resultNow();
    } catch (IllegalStateException e) {
      Throwable cause = targets.exceptionNow();
      switch (cause) {
        case VolumeException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException(cause);
      }
    }
  }

  private void checkProgram(VolumeRequest request) throws VolumeException {
    if (!request.dvdcli().orElse(policy.dvdcli()).equals(policy.dvdcli())) {
      throw new VolumeException(
          "%s: DVDI_VOLUME_DVDCLI names another program than the agent's %s; which one runs is the operator's choice (parameter dvdcli), so remove it from the task"
              .formatted(request.field(), policy.dvdcli()));
    }
  }

  private List<Path> mountAll(
      ContainerId container, List<VolumeRequest> requests, Deadline deadline)
      throws VolumeException {
    List<CompletableFuture<Path>> holds = new ArrayList<>(requests.size());
    try {
      for (VolumeRequest request : requests) {
        holds.add(volumes.hold(request, container, deadline));
      }
      List<Path> mountpoints = new ArrayList<>();
      List<VolumeException> failures = new ArrayList<>();
      for (int i = 0; i < holds.size(); i++) {
        try {
          mountpoints.add(answerOf(holds.get(i), requests.get(i), deadline));
        } catch (VolumeException e) {
          failures.add(e);
        }
      }
      if (failures.isEmpty()) {
        return mountpoints;
      }
      throw failures.size() == 1 ? failures.get(0) : VolumeException.of(failures);
    } catch (VolumeException | RuntimeException | Error e) {
      undo(container, requests, holds, deadline);
      throw e;
    }
  }

  /**
   * Releases what was mounted, in reverse order and to the end; what is still being mounted undoes
   * itself.
   */
  private void undo(
      ContainerId container,
      List<VolumeRequest> requests,
      List<CompletableFuture<Path>> holds,
      Deadline deadline) {
    List<VolumeId> held = new ArrayList<>();
    for (int i = holds.size() - 1; i >= 0; i--) {
      boolean late = holds.get(i).completeExceptionally(new VolumeException("given up"));
      if (!late && !holds.get(i).isCompletedExceptionally()) {
        held.add(requests.get(i).id());
      }
    }
    // What takes longer than the task may wait goes on behind it: it is on record.
    for (CompletableFuture<@Nullable Void> operation : releases(container, held)) {
      boolean unused = ended(operation, deadline);
    }
  }

  private Path answerOf(CompletableFuture<Path> hold, VolumeRequest request, Deadline deadline)
      throws VolumeException {
    ended(hold, deadline);
    // Whoever completes it first, we or the mount, decides; the mount undoes itself when it is
    // second.
    hold.completeExceptionally(
        new VolumeException(
            "%s was not mounted within %s (mount_timeout): its driver did not answer, or an earlier operation of the volume has not ended"
                .formatted(request.id(), words(deadline.span()))));
    try {
      return hold.join();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof VolumeException failure) {
        throw failure;
      }
      throw new VolumeException(
          "%s: a defect of the module: %s; please report this"
              .formatted(request.id(), e.getCause()),
          e);
    }
  }

  private Launch launch(
      ContainerId container,
      List<VolumeRequest> requests,
      List<@Nullable Target> targets,
      List<Path> mountpoints) {
    List<Launch.Bind> binds = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      VolumeRequest request = requests.get(i);
      Target target = targets.get(i);
      Path mountpoint = mountpoints.get(i);
      Path seen = mountpoint;
      if (target != null) {
        binds.add(new Launch.Bind(mountpoint, target.onHost(), request.readOnly()));
        seen = target.inContainer();
      }
      log.info("container %s has %s at %s".formatted(container, request.id(), seen));
      String path = seen.toString();
      request.slot().ifPresent(slot -> environment.put("DVDI_VOLUME_MOUNTPOINT" + slot, path));
    }
    return new Launch(binds, environment);
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
          return null;
        },
        threads);
  }

  /** Tries all to the end, whatever fails on the way. */
  private void releaseAll(ContainerId container, List<VolumeId> held) {
    Deadline deadline = Deadline.after(policy.unmountTimeout());
    List<CompletableFuture<@Nullable Void>> operations = releases(container, held);
    for (CompletableFuture<@Nullable Void> operation : operations) {
      if (!ended(operation, deadline)) {
        log.warning(
            "container %s: not all volumes were unmounted within %s (unmount_timeout); that goes on in the background"
                .formatted(container, words(policy.unmountTimeout())));
        return;
      }
    }
  }

  private List<CompletableFuture<@Nullable Void>> releases(
      ContainerId container, List<VolumeId> held) {
    List<CompletableFuture<@Nullable Void>> operations = new ArrayList<>(held.size());
    for (VolumeId volume : held) {
      operations.add(volumes.release(volume, container));
    }
    return operations;
  }

  private static boolean ended(Future<?> operation, Deadline deadline) {
    try {
      operation.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String words(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  /**
   * Waits until no operation is under way.
   *
   * @return whether that was so within the time
   */
  public boolean quiet(Duration time) {
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
