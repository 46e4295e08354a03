// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.Deadline;
import io.dvdi.mount.Owner;
import io.dvdi.volume.VolumeId;
import io.dvdi.volume.VolumeRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One container's volumes on their way: all are mounted, or none, and either is known at the
 * deadline. No thread waits for that; the one that asks mounts too, and if a driver or a file
 * server never answers it, a timer does.
 */
final class Mounting {
  /**
   * The volumes of a container, all mounted.
   *
   * @param targets where each is bound over; null: it is seen where it is mounted
   * @param mountpoints of each on the host
   */
  record Mounted(
      List<VolumeRequest> requests, List<@Nullable Target> targets, List<Path> mountpoints) {
    List<VolumeId> volumes() {
      return requests.stream().map(VolumeRequest::id).toList();
    }
  }

  /** Something to find out before anything is mounted. */
  @FunctionalInterface
  interface Question<T> {
    T answer() throws VolumeException;
  }

  private final CompletableFuture<Mounted> answer = new CompletableFuture<>();
  private final Volumes volumes;
  private final Container container;
  private final List<VolumeRequest> requests;
  private final Deadline deadline;
  private final List<CompletableFuture<Path>> holds = new ArrayList<>();

  /**
   * What {@link #settle} found to be mounted, the last first. Made here: later, there may be no
   * memory.
   */
  private final List<VolumeId> held = new ArrayList<>();

  /** What it means that the deadline comes now. Null: the volumes are being mounted. */
  private @Nullable String late = "the request could not be looked at within %s (mount_timeout)";

  private boolean isLate;

  /** Why there is nothing mounted, while that is being undone. */
  private volatile @Nullable Throwable failure;

  Mounting(Volumes volumes, Container container, List<VolumeRequest> requests, Deadline deadline) {
    this.volumes = volumes;
    this.container = container;
    this.requests = requests;
    this.deadline = deadline;
    for (VolumeRequest unused : requests) {
      holds.add(new CompletableFuture<>());
    }
  }

  List<VolumeRequest> requests() {
    return requests;
  }

  /** Completed in the lane of a volume, by the timer, or by the caller of {@link #mount}. */
  CompletableFuture<Mounted> answer() {
    return answer;
  }

  /** From now on, the deadline ends it. */
  void endAtDeadline(ScheduledExecutorService timer) {
    Future<?> end = timer.schedule(this::end, deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    CompletableFuture<Mounted> unused =
        answer.whenComplete((mounted, failure) -> end.cancel(false));
  }

  /**
   * Asks on this thread what a file server or a directory service may never answer.
   *
   * @param words for the task's author when the deadline comes first; %s is how long that was
   */
  <T> T ask(String words, Question<T> question) throws VolumeException {
    synchronized (this) {
      late = words;
    }
    return question.answer();
  }

  /** Nothing was mounted, for this reason. */
  void fail(Throwable reason) {
    boolean unused = answer.completeExceptionally(reason);
  }

  /**
   * Mounts all. Returns when the last of them is mounted, or cannot be; the others may still be
   * coming.
   */
  void mount(List<@Nullable Target> targets, Optional<Owner> owner) {
    synchronized (this) {
      if (isLate) {
        return; // nobody waits any more
      }
      late = null;
    }
    boolean settles = false;
    try {
      CompletableFuture<Void> unused =
          CompletableFuture.allOf(holds.toArray(CompletableFuture[]::new))
              .whenComplete((nothing, failed) -> settle(targets));
      settles = true;
      int last = requests.size() - 1;
      for (int i = 0; i <= last; i++) {
        volumes.hold(requests.get(i), container.id(), owner, deadline, i == last, holds.get(i));
      }
    } catch (RuntimeException | Error e) {
      holds.forEach(hold -> hold.completeExceptionally(e));
      if (!settles) {
        fail(e);
      }
    }
  }

  private void end() {
    String words;
    synchronized (this) {
      isLate = true;
      words = late;
    }
    if (words != null) {
      fail(new VolumeException(words.formatted(deadline.words())));
      return;
    }
    // Whoever completes a hold first, this or the mount, decides; the mount undoes itself when it
    // is second.
    for (int i = 0; i < holds.size(); i++) {
      boolean unused = holds.get(i).completeExceptionally(tooLate(requests.get(i)));
    }
    Throwable reason = failure;
    if (reason != null) {
      fail(reason); // what is still being undone goes on behind it: it is on record
    }
  }

  private Throwable tooLate(VolumeRequest request) {
    try {
      return new VolumeException(
          "%s was not mounted within %s (mount_timeout): its driver did not answer, or an earlier operation of the volume has not ended"
              .formatted(request.id(), deadline.words()));
    } catch (Error e) {
      return e; // no memory to say so
    }
  }

  /** Every mount has ended, or is not waited for any more. May not wait: this is some lane. */
  private void settle(List<@Nullable Target> targets) {
    Throwable reason;
    try {
      List<Path> mountpoints = new ArrayList<>();
      List<VolumeException> failures = new ArrayList<>();
      for (int i = 0; i < holds.size(); i++) {
        try {
          mountpoints.add(holds.get(i).join());
          held.addFirst(requests.get(i).id());
        } catch (CompletionException e) {
          failures.add(reason(requests.get(i), e));
        }
      }
      if (failures.isEmpty()) {
        boolean unused = answer.complete(new Mounted(requests, targets, mountpoints));
        return;
      }
      reason = failures.size() == 1 ? failures.get(0) : VolumeException.of(failures);
    } catch (Throwable e) {
      reason = e;
    }
    undo(reason);
  }

  /** Releases what was mounted, in reverse order and to the end. */
  private void undo(Throwable reason) {
    failure = reason;
    try {
      CompletableFuture<Void> unused =
          CompletableFuture.allOf(
                  volumes.release(held, container.id()).toArray(CompletableFuture[]::new))
              .whenComplete((nothing, failed) -> fail(reason));
      if (deadline.left().isZero()) {
        fail(reason);
      }
    } catch (Throwable e) {
      fail(reason);
    }
  }

  private static VolumeException reason(VolumeRequest request, CompletionException e) {
    return e.getCause() instanceof VolumeException failure
        ? failure
        : new VolumeException(
            "%s: a defect of the module: %s; please report this"
                .formatted(request.id(), e.getCause()),
            e);
  }
}
