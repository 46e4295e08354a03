// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Mounts and unmounts volumes on this host. Calls may block up to their deadline, and longer when
 * the kernel does.
 */
public interface VolumeDriver {
  /**
   * What to mount.
   *
   * @param id the volume
   * @param options the user's, unchanged
   * @param mustExist refuse to create the volume
   * @param mountId opaque; the same for the mount and its unmount, and never used twice
   * @param deadline after which nobody waits any more
   */
  record Mount(
      VolumeId id, Options options, boolean mustExist, String mountId, Deadline deadline) {}

  /**
   * What to unmount.
   *
   * @param id the volume
   * @param mountId of the mount
   * @param mountpoint where it was mounted; absent when its mount was never answered
   * @param deadline after which nobody waits any more
   * @param options of the mount, so that no message shows their values
   */
  record Unmount(
      VolumeId id, String mountId, Optional<Path> mountpoint, Deadline deadline, Options options) {}

  /**
   * Refuses what no mount of this driver could serve. Touches nothing; runs before anything is
   * written.
   */
  default void check(VolumeId id, Options options) {}

  /** Where the volume will be mounted, from drivers that know it before they mount. */
  Optional<Path> mountpoint(VolumeId id);

  /**
   * Where the volume is now, by the driver's own account, for a mount that was never answered.
   * Asked after an unmount failed.
   *
   * @throws DriverException if the driver does not answer
   */
  default Optional<Path> reported(VolumeId id, Deadline deadline) throws DriverException {
    return mountpoint(id);
  }

  /**
   * Makes the volume available on this host.
   *
   * @throws DriverException if it did not, or if that is not known; also for what {@link #check}
   *     refuses, of which another driver may have been asked
   */
  Mountpoint mount(Mount mount) throws DriverException;

  /**
   * Undoes a mount. Success is not proof: the caller looks at the mount table.
   *
   * @throws DriverException if it did not, or if that is not known
   */
  void unmount(Unmount unmount) throws DriverException;
}
