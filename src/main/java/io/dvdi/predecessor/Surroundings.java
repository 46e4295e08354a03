// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.Drivers;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Terms;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Trouble;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.Whereabouts;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is to be found on this host of a volume that somebody else has mounted. */
public final class Surroundings {
  /** For a driver's answer. One that did not give any is not asked again. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String PLUGIN = "plugin";

  private final Drivers drivers;
  private final Mounts mounts;
  private final Map<String, String> services = new HashMap<>();
  private final Set<String> silent = new HashSet<>();

  public Surroundings(Drivers drivers, Mounts mounts) {
    this.drivers = drivers;
    this.mounts = mounts;
  }

  /**
   * The record of a volume; absent when it is not mounted.
   *
   * @param listed where it was mounted, if that is known
   * @throws IOException if that cannot be seen now
   */
  Optional<VolumeRecord> look(VolumeId id, Optional<String> listed, List<ContainerId> users)
      throws IOException {
    String service = services.computeIfAbsent(id.driver(), this::service);
    Optional<String> path = listed.filter(Surroundings::isAbsolute).or(() -> reported(id, service));
    if (path.isEmpty()) {
      // As after a mount that was never answered: the driver is told to unmount it all the same.
      return Optional.of(record(id, service, path, Optional.empty(), users));
    }
    boolean plain = drivers.handsOutDirectories(id.driver());
    return switch (mounts
        .look(id.name(), path, Optional.empty(), Optional.empty(), plain)
        .place()) {
      case Seen.Mounted there ->
          Optional.of(record(id, service, path, Optional.of(there.mount()), users));
      case Seen.NotMounted none -> {
        if (plain && none.isDirectory()) {
          yield Optional.of(record(id, service, path, Optional.empty(), users));
        }
        yield Optional.empty();
      }
      case Seen.Unknown unknown when !unknown.why().isEmpty() ->
          throw new IOException(unknown.why());
      case Seen.Unknown unknown -> Optional.empty();
    };
  }

  private static VolumeRecord record(
      VolumeId id,
      String service,
      Optional<String> path,
      Optional<Evidence> mount,
      List<ContainerId> users) {
    // What a predecessor has mounted is this module's from now on.
    Moment before =
        mount
            .map(
                seen ->
                    Moment.at(seen.namespace(), Math.max(0, seen.uniqueId() - 1))
                        .withPath(Optional.empty()))
            .orElse(Moment.UNKNOWN);
    return new VolumeRecord(
        id,
        new Terms(service, Options.NONE, false, path.isPresent() && mount.isEmpty(), false),
        users,
        List.of(
            new MountId(
                "", id, path.isPresent() ? MountCall.PROVED : MountCall.DONE, UnmountCall.NONE, 0)),
        new Whereabouts(path, true, mount, before, before),
        Trouble.NONE);
  }

  /** Through what the driver is told to unmount. */
  private String service(String driver) {
    try {
      // The predecessors knew no driver of that name but a plugin's.
      return driver.equals("local") ? PLUGIN : drivers.kindOf(drivers.named(driver));
    } catch (InvalidRequestException e) {
      silent.add(driver);
      return PLUGIN;
    }
  }

  private Optional<String> reported(VolumeId id, String service) {
    if (silent.contains(id.driver())) {
      return Optional.empty();
    }
    Told told = drivers.ofKind(service).ask(id, Options.NONE, Deadline.after(PATIENCE));
    if (!told.answered()) {
      silent.add(id.driver());
    }
    return told.path();
  }

  private static boolean isAbsolute(String text) {
    try {
      Path path = Path.of(text);
      return path.isAbsolute() && path.equals(path.normalize());
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
