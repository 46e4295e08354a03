// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.Drivers;
import io.dvdi.driver.VolumeDriver;
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
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** What is done for a container that is about to be launched. Thread-safe. */
final class Preparation {
  private final Drivers drivers;
  private final Volumes volumes;
  private final Policy policy;
  private final Folders folders;
  private final NameCase names;
  private final Ownership ownership;
  private final ScheduledExecutorService deadlines;
  private final Log log;

  Preparation(
      Drivers drivers,
      Volumes volumes,
      Policy policy,
      Folders folders,
      NameCase names,
      Ownership ownership,
      ScheduledExecutorService deadlines,
      Log log) {
    this.drivers = drivers;
    this.volumes = volumes;
    this.policy = policy;
    this.folders = folders;
    this.names = names;
    this.ownership = ownership;
    this.deadlines = deadlines;
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
      VolumeDriver driver = drivers.named(id.driver());
      // One that is mounted is shared as it is.
      if (!request.options().isEmpty() || !volumes.has(id)) {
        driver.check(id, request.options());
      }
    }
    return requests;
  }

  /** To be mounted by {@link #mount}, after somebody waits for its answer. */
  Mounting mounting(Container container, List<VolumeRequest> requests, Deadline deadline) {
    return new Mounting(volumes, container, requests, deadline);
  }

  /** Mounts all, or none. Returns before the deadline only if drivers and file servers answer. */
  void mount(Container container, Mounting mounting) {
    try {
      mounting.endAtDeadline(deadlines);
      List<@Nullable Target> targets =
          mounting.ask(
              "the container paths could not be looked at within %s (mount_timeout): the file"
                  + " system that they are on does not answer",
              () -> targets(container, mounting.requests()));
      Optional<Owner> owner =
          container.user().isEmpty() || !policy.ownedByTask()
              ? Optional.empty()
              : mounting.ask(
                  "the task's user could not be looked up within %s (mount_timeout): this host's"
                      + " source of users does not answer",
                  () -> ownership.of(container.user().get()));
      mounting.mount(targets, owner);
    } catch (VolumeException | RuntimeException | Error e) {
      mounting.fail(e);
    }
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

  private void checkProgram(VolumeRequest request) throws VolumeException {
    if (!request.dvdcli().orElse(policy.dvdcli()).equals(policy.dvdcli())) {
      throw new VolumeException(
          "%s: DVDI_VOLUME_DVDCLI names another program than the agent's %s; which one runs is the operator's choice (parameter dvdcli), so remove it from the task"
              .formatted(request.field(), policy.dvdcli()));
    }
  }

  /** What the host has to do for it. */
  Launch launch(ContainerId container, Mounting.Mounted mounted) {
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
