// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.driver.VolumeDriver;
import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.ContainerEvent.Inquiry;
import io.dvdi.lifecycle.ContainerStep.Part;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Wish;
import io.dvdi.log.Failure;
import io.dvdi.volume.AgentLocale;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.RequestRules;
import io.dvdi.volume.VolumeId;
import io.dvdi.volume.VolumeRequest;
import io.dvdi.volume.VolumeRequests;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks up what a container asks for, before its volumes are wished for. Thread-safe. */
final class Preparation {

  /** A container that is being prepared, and what was looked up for it. One thread writes it. */
  static final class Task {
    final Container container;
    volatile List<Asked> asked = List.of();
    volatile List<@Nullable Target> targets = List.of();
    volatile Optional<String> owner = Optional.empty();

    Task(Container container) {
      this.container = container;
    }
  }

  /** A volume that is asked for, and the driver that serves it. */
  record Asked(VolumeRequest request, String service, boolean fresh) {}

  private final Parts parts;
  private final Volumes volumes;

  Preparation(Parts parts, Volumes volumes) {
    this.parts = parts;
    this.volumes = volumes;
  }

  Task of(Container container) {
    return new Task(container);
  }

  /** Answers an inquiry. May block; throws only if there is no memory. */
  ContainerEvent answer(@Nullable Task prepared, Inquiry inquiry) {
    Task task = Objects.requireNonNull(prepared);
    try {
      return switch (inquiry) {
        case VOLUMES -> {
          task.asked = asked(task.container);
          yield new ContainerEvent.AsksFor(
              task.asked.stream().map(asked -> asked.request().id()).toList());
        }
        case TARGETS -> {
          task.targets = targets(task);
          yield new ContainerEvent.Found();
        }
        case OWNER -> {
          task.owner = owner(task.container);
          yield new ContainerEvent.Found();
        }
      };
    } catch (InvalidRequestException e) {
      return new ContainerEvent.NotFound(String.valueOf(e.getMessage()));
    } catch (InvalidPathException e) {
      return new ContainerEvent.NotFound(AgentLocale.reason(e));
    } catch (Throwable e) {
      Failure kind = Failure.of(e);
      if (kind == Failure.NO_MEMORY) {
        throw e;
      }
      return new ContainerEvent.NotFound(
          kind == Failure.DEFECT
              ? "internal error: " + e + "; please report it"
              : Failure.describe(e));
    }
  }

  private List<Asked> asked(Container container) {
    Policy.Requests rules = parts.policy().requests();
    Map<VolumeId, VolumeDriver> drivers = new HashMap<>();
    List<VolumeRequest> requests =
        VolumeRequests.parse(
            container.environment(),
            rules.neighbour().isPresent() ? List.of() : container.volumes(),
            new RequestRules(
                rules.defaultDriver(),
                rules.lenientVariables(),
                written -> {
                  VolumeId id = identity(written);
                  drivers.put(id, driver(id));
                  return id;
                }));
    if (rules.neighbour().isPresent()) {
      rules
          .neighbour()
          .get()
          .check(
              container, requests, this::identityIfAllowed, id -> volumes.record(id).isPresent());
    }
    List<Asked> asked = new ArrayList<>();
    for (VolumeRequest written : requests) {
      checkProgram(written);
      VolumeDriver driver = Objects.requireNonNull(drivers.get(written.id()));
      checkReachable(container, written, driver);
      VolumeRequest request = withDefaults(written, driver);
      // A volume that is mounted is shared as it is.
      if (!written.options().isEmpty() || volumes.record(request.id()).isEmpty()) {
        driver.check(request.id(), request.options());
      }
      asked.add(
          new Asked(request, parts.drivers().kindOf(driver), driver.isFresh(request.options())));
    }
    return asked;
  }

  private VolumeRequest withDefaults(VolumeRequest request, VolumeDriver driver) {
    Options given = request.options();
    Options defaults = parts.drivers().defaultOptions(request.id().driver());
    return request.with(
        given.withDefaults(
            request.field() + " with the agent's default options",
            driver.defaultsFor(request.id(), given, defaults)));
  }

  /** What is on record needs no driver that answers, or is there at all. */
  private VolumeDriver driver(VolumeId id) {
    return volumes
        .record(id)
        .map(record -> parts.drivers().ofKind(record.terms().service()))
        .orElseGet(() -> parts.drivers().named(id.driver()));
  }

  private VolumeId identity(VolumeId written) {
    String driver = parts.drivers().nameOf(written.driver(), volumes::drivers);
    return volumes.record(written).isPresent()
        ? written
        : volumes.named(new VolumeId(driver, written.name()));
  }

  /** Of a volume that somebody else mounts. */
  private VolumeId identityIfAllowed(VolumeId written) {
    try {
      return identity(written);
    } catch (InvalidRequestException e) {
      return written;
    }
  }

  private void checkProgram(VolumeRequest request) {
    String program = parts.policy().requests().dvdcli();
    if (!request.origin().dvdcli().orElse(program).equals(program)) {
      throw new InvalidRequestException(
          "%s: DVDI_VOLUME_DVDCLI is not the agent's %s; only the operator chooses the program (parameter dvdcli), so remove the variable from the task"
              .formatted(request.field(), program));
    }
  }

  /** A task that is refused would find the volume's folder closed. */
  private static void checkReachable(
      Container container, VolumeRequest request, VolumeDriver driver) {
    if (request.containerPath().isEmpty()
        && container.image().isEmpty()
        && !container.isRoots()
        && driver.isClosed()) {
      throw new InvalidRequestException(
          "%s: the volume has no container path, and only root can reach volumes of the driver %s where the host has them; set %s to a path in the sandbox, such as 'data'"
              .formatted(
                  request.field(),
                  request.id().driver(),
                  request.field().replaceFirst("NAME", "CONTAINERPATH")));
    }
  }

  private List<@Nullable Target> targets(Task task) {
    List<@Nullable Target> found = new ArrayList<>();
    for (Asked asked : task.asked) {
      VolumeRequest request = asked.request();
      found.add(
          Target.of(
              task.container,
              request.containerPath(),
              request.field(),
              parts.policy().requests().containerPaths(),
              parts.world().folders()));
    }
    return found;
  }

  private Optional<String> owner(Container container) {
    return container.user().isEmpty() || !parts.policy().ownedByTask()
        ? Optional.empty()
        : Ownership.of(parts, container.user().get());
  }

  /** The container's wish for one of its volumes. */
  Wish wish(@Nullable Task prepared, int part, long deadline) {
    Task task = Objects.requireNonNull(prepared);
    Asked asked = task.asked.get(part);
    VolumeRequest request = asked.request();
    return new Wish(
        task.container.id(),
        request.id(),
        asked.service(),
        request.options(),
        new Wish.Needs(
            request.mustExist(),
            asked.fresh(),
            !request.readOnly(),
            request.readOnly() ? Optional.empty() : task.owner),
        deadline);
  }

  private static Launch.Mount mount(Evidence mount) {
    return new Launch.Mount(mount.device(), mount.root(), mount.mountpoint());
  }

  /** What the host has to do for a container that has its volumes. */
  Launch launch(@Nullable Task prepared, List<Part> given) {
    Task task = Objects.requireNonNull(prepared);
    List<Launch.Bind> binds = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    for (int i = 0; i < given.size(); i++) {
      VolumeRequest request = task.asked.get(i).request();
      Target target = task.targets.get(i);
      Part part = given.get(i);
      Path mountpoint = Path.of(part.path());
      boolean suid = parts.drivers().allowsSuid(request.id().driver());
      if (target != null || !suid) {
        binds.add(
            new Launch.Bind(
                mountpoint,
                part.mount().map(Preparation::mount),
                target == null ? mountpoint : target.onHost(),
                request.readOnly(),
                suid));
      }
      Path seen = target == null ? mountpoint : target.inContainer();
      parts
          .log()
          .info("container %s has %s at %s".formatted(task.container.id(), request.id(), seen));
      String path = seen.toString();
      request.slot().ifPresent(slot -> environment.put("DVDI_VOLUME_MOUNTPOINT" + slot, path));
    }
    return new Launch(binds, environment);
  }
}
