// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.Predecessors;
import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The agent's calls. Each returns at once, with a future that is completed exactly once and by its
 * deadline, whatever drivers and disks do. Thread-safe.
 */
public final class Isolator {
  /** How long recover waits for orphans to be unmounted. Slower unmounts go on after it. */
  private static final Duration RECOVER_TIMEOUT = Duration.ofSeconds(10);

  private final CompletableFuture<@Nullable Void> recovered = new CompletableFuture<>();
  private final Containers containers;
  private final Volumes volumes;
  private final Watch watch;
  private final Mounts mounts;
  private final RecordFolder records;
  private final Predecessors predecessors;
  private final ExecutorService threads;
  private final Patience patient;
  private final Log log;

  /**
   * @param parts that the isolator works with
   * @param records of this and earlier agents
   * @param predecessors whose volumes are taken over
   */
  public Isolator(Parts parts, RecordFolder records, Predecessors predecessors) {
    this.mounts = parts.mounts();
    this.records = records;
    this.predecessors = predecessors;
    this.threads = parts.threads();
    this.patient = new Patience(parts.threads(), parts.timers().deadlines());
    this.log = parts.log();
    Deadlines deadlines = new Deadlines(parts.timers().deadlines());
    this.volumes = new Volumes(parts, records, deadlines);
    this.watch = new Watch(volumes, parts);
    this.containers = new Containers(parts, volumes, new Preparation(parts, volumes), deadlines);
    watch.begin();
  }

  /**
   * Takes over what an earlier agent left. Never fails, since an agent whose isolator fails to
   * recover does not start.
   *
   * @param alive the containers that the host knows; volumes that only other containers held are
   *     unmounted
   */
  public CompletableFuture<@Nullable Void> recover(Set<ContainerId> alive) {
    patient.execute(
        () -> {
          try {
            List<VolumeState> states = new ArrayList<>(records.readAll(alive, log));
            states.addAll(predecessors.takeOver(states, alive));
            volumes.adopt(states);
            adopt(states);
            volumes.awaken(RECOVER_TIMEOUT);
            watch.lookAtAll();
          } catch (Throwable e) {
            log.error("recovery was not complete: " + e);
          } finally {
            // Itself the answer: one that depends on it takes memory to fail.
            recovered.complete(null);
          }
        });
    return recovered;
  }

  private void adopt(List<VolumeState> states) {
    Map<ContainerId, List<VolumeId>> held = new LinkedHashMap<>();
    for (VolumeState state : states) {
      state
          .record()
          .map(VolumeRecord::users)
          .orElse(List.of())
          .forEach(user -> held.computeIfAbsent(user, id -> new ArrayList<>()).add(state.id()));
    }
    held.forEach(containers::adopt);
  }

  /**
   * Mounts all volumes of a container, or none. If it mounts none, the future fails with a message
   * for the task's author.
   */
  public CompletableFuture<Launch> prepare(Container container) {
    if (!recovered.isDone()) {
      return CompletableFuture.failedFuture(
          new VolumeException("recover has not ended yet; prepare comes after it"));
    }
    return containers.prepare(container);
  }

  /**
   * Releases a container's volumes. A volume that cannot be unmounted does not make this fail: it
   * is on record and is tried again, while a failed cleanup would leave the container in its agent
   * for ever. An unknown container is no error. The cleanup of a container that ends during recover
   * waits for recover.
   */
  public CompletableFuture<@Nullable Void> cleanup(ContainerId container) {
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    Runnable ended =
        () -> {
          watch.end(container);
          answer.complete(null);
        };
    Runnable cleanup = () -> containers.cleanup(container, ended);
    CompletableFuture<@Nullable Void> unused =
        recovered.whenComplete((nothing, never) -> Patience.run(cleanup));
    return answer;
  }

  /**
   * How full the container's volumes are. Leaves out a volume whose file system does not answer, a
   * plain directory, which is as full as the host, and all for which there is no memory.
   */
  public CompletableFuture<List<VolumeUsage>> usage(ContainerId container) {
    List<CompletableFuture<Optional<VolumeUsage>>> looks = new ArrayList<>();
    for (VolumeId volume : containers.volumesOf(container)) {
      looks.add(CompletableFuture.supplyAsync(() -> usage(volume), threads));
    }
    return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
        .thenApply(nothing -> found(looks));
  }

  /** Never throws: a future that fails takes memory, and would never end without. */
  private static List<VolumeUsage> found(List<CompletableFuture<Optional<VolumeUsage>>> looks) {
    try {
      return looks.stream().flatMap(look -> look.join().stream()).toList();
    } catch (OutOfMemoryError e) {
      return List.of();
    }
  }

  /** Never throws, for the same reason. */
  private Optional<VolumeUsage> usage(VolumeId volume) {
    try {
      return volumes.look(
          volume,
          record -> {
            Path path = Path.of(record.where().path().orElseThrow());
            Evidence mount = record.where().mount().orElseThrow();
            return mounts
                .fileSystem(path, mount)
                .map(found -> new VolumeUsage(volume, path, found));
          });
    } catch (Throwable e) {
      return Optional.empty();
    }
  }

  /**
   * Answers with a reason for ending the container when one of its volumes is lost and {@code
   * lost_volumes} is {@code kill}. Answers without a reason when the container is cleaned up, or if
   * it has no volumes.
   */
  public CompletableFuture<Optional<String>> watch(ContainerId container) {
    if (containers.volumesOf(container).isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CompletableFuture<Optional<String>> answer = watch.of(container);
    if (containers.volumesOf(container).isEmpty()) {
      watch.end(container); // it was cleaned up in between
    }
    return answer;
  }

  /**
   * Ends all watches, and waits until nothing is under way.
   *
   * @return whether nothing was under way in time
   */
  public boolean quiet(Duration time) {
    watch.endAll();
    return volumes.quiet(time);
  }
}
