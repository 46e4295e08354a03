// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.mount.MountIdentity;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/**
 * What is known of one volume on this host.
 *
 * @param id the volume
 * @param service through what its driver is reached, as {@link io.dvdi.driver.Drivers} named it
 * @param options of the user that had it mounted
 * @param mountId what the driver was told at Mount, and will be at Unmount
 * @param state how far it is
 * @param mountpoint where it is, or will be; absent while the driver has not said
 * @param identity of its mount; absent before it was proved, and for a plain directory
 * @param readOnly it was mounted read-only as its options ask
 * @param bootId of the boot in which this was written: nothing is mounted any more in another
 * @param users the containers that hold it, in the order in which they came
 */
public record VolumeRecord(
    VolumeId id,
    String service,
    Options options,
    String mountId,
    State state,
    Optional<Path> mountpoint,
    Optional<MountIdentity> identity,
    boolean readOnly,
    String bootId,
    Set<ContainerId> users) {
  /** The life of a volume on this host. */
  public enum State {
    /** Mount was or will be called; it may be mounted or not. */
    MOUNTING,
    /** It was seen mounted. */
    MOUNTED,
    /** Unmount was or will be called; it may be mounted or not. */
    UNMOUNTING,
    /**
     * The driver has answered that it is unmounted, and it still was: somebody else may use it. The
     * driver is not told again, as it may count that for the other.
     */
    GIVEN_UP
  }

  /** Of a volume that a predecessor has mounted, which told the driver none. */
  public static final String NO_MOUNT_ID = "";

  public VolumeRecord {
    users = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(users));
  }

  /** The record of a volume whose driver is about to be told to mount it. */
  public static VolumeRecord mounting(
      VolumeId id,
      String service,
      Options options,
      String mountId,
      Optional<Path> mountpoint,
      String bootId,
      ContainerId user) {
    return new VolumeRecord(
        id,
        service,
        options,
        mountId,
        State.MOUNTING,
        mountpoint,
        Optional.empty(),
        false,
        bootId,
        Set.of(user));
  }

  /** Whether a predecessor has mounted it. With what options is not known then. */
  public boolean isTakenOver() {
    return mountId.equals(NO_MOUNT_ID);
  }

  /** The same volume, by an identity of the same spelling. */
  public VolumeRecord as(VolumeId identical) {
    return new VolumeRecord(
        identical, service, options, mountId, state, mountpoint, identity, readOnly, bootId, users);
  }

  /** The same volume after its driver named the mountpoint, before that is proved. */
  public VolumeRecord at(Path path) {
    return new VolumeRecord(
        id, service, options, mountId, state, Optional.of(path), identity, readOnly, bootId, users);
  }

  /** The same volume, seen mounted. */
  public VolumeRecord mounted(Path path, Optional<MountIdentity> seen, boolean asReadOnly) {
    return new VolumeRecord(
        id,
        service,
        options,
        mountId,
        State.MOUNTED,
        Optional.of(path),
        seen,
        asReadOnly,
        bootId,
        users);
  }

  /** The same volume in another state. */
  public VolumeRecord in(State next) {
    return new VolumeRecord(
        id, service, options, mountId, next, mountpoint, identity, readOnly, bootId, users);
  }

  /** The same volume with one more user. */
  public VolumeRecord with(ContainerId user) {
    SequencedSet<ContainerId> more = new LinkedHashSet<>(users);
    more.add(user);
    return withUsers(more);
  }

  /** The same volume with one user less. */
  public VolumeRecord without(ContainerId user) {
    SequencedSet<ContainerId> fewer = new LinkedHashSet<>(users);
    fewer.remove(user);
    return withUsers(fewer);
  }

  private VolumeRecord withUsers(Set<ContainerId> next) {
    return new VolumeRecord(
        id, service, options, mountId, state, mountpoint, identity, readOnly, bootId, next);
  }
}
