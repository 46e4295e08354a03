// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.Drivers;
import io.dvdi.log.Log;
import io.dvdi.mount.Owner;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.RequestRules;
import io.dvdi.volume.VolumeId;
import io.dvdi.volume.VolumeRequest;
import io.dvdi.volume.VolumeRequests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What is done for a container that is about to be launched. Thread-safe. */
final class Preparation {
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

  private final Drivers drivers;
  private final Volumes volumes;
  private final Policy policy;
  private final Folders folders;
  private final NameCase names;
  private final Ownership ownership;
  private final ExecutorService threads;
  private final Log log;

  Preparation(
      Drivers drivers,
      Volumes volumes,
      Policy policy,
      Folders folders,
      NameCase names,
      Ownership ownership,
      ExecutorService threads,
      Log log) {
    this.drivers = drivers;
    this.volumes = volumes;
    this.policy = policy;
    this.folders = folders;
    this.names = names;
    this.ownership = ownership;
    this.threads = threads;
    this.log = log;
  }

  /** What the container asks for; refused when no driver could serve it. */
  List<VolumeRequest> requests(Container container) throws VolumeException {
    List<VolumeRequest> requests =
        VolumeRequests.parse(
            container.environment(),
            policy.neighbour().isPresent() ? List.of() : container.volumes(),
            new RequestRules(
                policy.defaultDriver(),
                policy.compatibility().slots(),
                policy.compatibility().lenient(),
                names::of));
    if (policy.neighbour().isPresent()) {
      policy.neighbour().get().check(container, requests, names::of, volumes::has);
    }
    for (VolumeRequest request : requests) {
      checkProgram(request);
      VolumeId id = volumes.spelled(request.id());
      drivers.named(id.driver()).check(id, request.options());
    }
    return requests;
  }

  /** Mounts all, or none. */
  Mounted mount(Container container, List<VolumeRequest> requests, Deadline deadline)
      throws VolumeException {
    List<@Nullable Target> targets =
        within(
            deadline,
            () -> targets(container, requests),
            "the container paths could not be looked at within %s (mount_timeout): the file system"
                + " that they are on does not answer");
    Optional<Owner> owner =
        container.user().isEmpty() || !policy.ownedByTask()
            ? Optional.empty()
            : within(
                deadline,
                () -> ownership.of(container.user().get()),
                "the task's user could not be looked up within %s (mount_timeout): this host's"
                    + " source of users does not answer");
    return new Mounted(requests, targets, mountAll(container.id(), requests, owner, deadline));
  }

  private List<@Nullable Target> targets(Container container, List<VolumeRequest> requests)
      throws VolumeException {
    List<@Nullable Target> found = new ArrayList<>();
    for (VolumeRequest request : requests) {
      found.add(
          request.containerPath().isEmpty()
              ? null
              : Target.of(
                  container,
                  request.containerPath().get(),
                  request.field(),
                  folders,
                  policy.compatibility().makesTmpPaths()));
    }
    return found;
  }

  /** Asks on a thread of its own what a file server or a directory service may never answer. */
  private <T> T within(Deadline deadline, Callable<T> question, String late)
      throws VolumeException {
    Future<T> answer = threads.submit(question);
    if (!deadline.ended(answer)) {
      throw new VolumeException(late.formatted(deadline.words()));
    }
    try {
      return answer.resultNow();
    } catch (IllegalStateException e) {
      Throwable cause = answer.exceptionNow();
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
      ContainerId container, List<VolumeRequest> requests, Optional<Owner> owner, Deadline deadline)
      throws VolumeException {
    List<CompletableFuture<Path>> holds = new ArrayList<>(requests.size());
    try {
      for (VolumeRequest request : requests) {
        holds.add(volumes.hold(request, container, owner, deadline));
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
    for (CompletableFuture<@Nullable Void> operation : volumes.release(held, container)) {
      boolean unused = deadline.ended(operation);
    }
  }

  private Path answerOf(CompletableFuture<Path> hold, VolumeRequest request, Deadline deadline)
      throws VolumeException {
    boolean unused = deadline.ended(hold);
    // Whoever completes it first, we or the mount, decides; the mount undoes itself when it is
    // second.
    hold.completeExceptionally(
        new VolumeException(
            "%s was not mounted within %s (mount_timeout): its driver did not answer, or an earlier operation of the volume has not ended"
                .formatted(request.id(), deadline.words())));
    try {
      return hold.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof VolumeException failure) {
        throw failure;
      }
      throw new VolumeException(
          "%s: a defect of the module: %s; please report this"
              .formatted(request.id(), e.getCause()),
          e);
    }
  }

  /** What the host has to do for it. */
  Launch launch(ContainerId container, Mounted mounted) {
    List<Launch.Bind> binds = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    for (int i = 0; i < mounted.requests().size(); i++) {
      VolumeRequest request = mounted.requests().get(i);
      Target target = mounted.targets().get(i);
      Path mountpoint = mounted.mountpoints().get(i);
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
}
