// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.Drivers;
import io.dvdi.driver.Mountpoint;
import io.dvdi.mount.MountIdentity;
import io.dvdi.mount.Mounts;
import io.dvdi.mount.Proof;
import io.dvdi.mount.ProofException;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
  private final Proof proof;
  private final Set<String> plainDirectories;
  private final String bootId;
  private final Map<String, String> services = new HashMap<>();
  private final Set<String> silent = new HashSet<>();

  /**
   * @param plainDirectories drivers that hand out directories of the host
   */
  public Surroundings(Drivers drivers, Proof proof, Set<String> plainDirectories, String bootId) {
    this.drivers = drivers;
    this.proof = proof;
    this.plainDirectories = Set.copyOf(plainDirectories);
    this.bootId = bootId;
  }

  /**
   * The record of a volume; absent when it is not mounted.
   *
   * @param listed where it was mounted, if that is known
   */
  Optional<VolumeRecord> look(VolumeId id, Optional<String> listed, List<ContainerId> users) {
    String service = services.computeIfAbsent(id.driver(), this::service);
    Optional<Path> path = listed.flatMap(Surroundings::absolute).or(() -> reported(id, service));
    if (path.isEmpty()) {
      // As after a mount that was never answered: the driver is told to unmount it all the same.
      return Optional.of(record(id, service, State.MOUNTING, path, Optional.empty(), users));
    }
    try {
      Proof.Proven proven =
          proof.prove(
              new Mountpoint(path.get(), false, false),
              inside(id, path.get()),
              plainDirectories.contains(id.driver()),
              false);
      return Optional.of(record(id, service, State.MOUNTED, path, proven.identity(), users));
    } catch (ProofException e) {
      return proof.isMountpoint(path.get())
          // It is there, but its file system does not answer.
          ? Optional.of(record(id, service, State.MOUNTED, path, Optional.empty(), users))
          : Optional.empty();
    }
  }

  /**
   * REX-Ray and others hand out a folder inside of what they have mounted, {@code …/<name>/data}.
   * The mount that this folder lies on counts as the volume's when it is at {@code …/<name>}.
   */
  private Mounts.Mark inside(VolumeId id, Path path) {
    Path parent = path.getParent();
    boolean volumes =
        parent != null
            && !plainDirectories.contains(id.driver())
            && id.name().equals(String.valueOf(parent.getFileName()))
            && proof.isMountpoint(parent);
    return mount -> volumes;
  }

  private VolumeRecord record(
      VolumeId id,
      String service,
      State state,
      Optional<Path> path,
      Optional<MountIdentity> identity,
      List<ContainerId> users) {
    return new VolumeRecord(
        id,
        service,
        Options.NONE,
        VolumeRecord.NO_MOUNT_ID,
        state,
        path,
        identity,
        false,
        bootId,
        new LinkedHashSet<>(users));
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

  private Optional<Path> reported(VolumeId id, String service) {
    if (silent.contains(id.driver())) {
      return Optional.empty();
    }
    try {
      return drivers.ofKind(service).reported(id, Deadline.after(PATIENCE));
    } catch (DriverException | InvalidRequestException e) {
      silent.add(id.driver());
      return Optional.empty();
    }
  }

  private static Optional<Path> absolute(String text) {
    try {
      return Optional.of(Path.of(text))
          .filter(path -> path.isAbsolute() && path.equals(path.normalize()));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
