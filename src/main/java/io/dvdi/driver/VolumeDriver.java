// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Mounts and unmounts volumes on this host.
 *
 * <p>{@link #create}, {@link #mount} and {@link #unmount} return when the driver has answered or
 * died, however long that takes, and at no deadline of anybody's: what was sent may be done, and
 * only the driver knows. They never throw for what a driver, a disk or the kernel does; what is
 * thrown counts as a call that was cut off. Where the driver cannot be reached, they wait for a
 * while, in case it restarts, and then end with {@link io.dvdi.lifecycle.VolumeEvent.NotSent},
 * which promises that nothing was sent.
 */
public interface VolumeDriver {

  /**
   * Refuses what no mount of this driver could serve. Touches nothing but files of the operator's.
   *
   * @throws io.dvdi.volume.InvalidRequestException says what to change
   */
  default void check(VolumeId volume, Options options) {}

  /**
   * Whether these options ask for a file system that is empty, or made anew, at each mount: what an
   * earlier task has written must not be there.
   */
  default boolean isFresh(Options options) {
    return false;
  }

  /**
   * Whether its mounts are mount(2) and umount2(2) of this process: nobody is counted, nobody else
   * mounts for it, and what was begun ends with the process.
   */
  default boolean mountsItself() {
    return false;
  }

  /**
   * Asks about a volume. Changes nothing, never throws, and ends at its deadline.
   *
   * @param options of the container that wants it, or with which it is mounted; no message shows
   *     their values
   */
  Told ask(VolumeId volume, Options options, Deadline deadline);

  /** Creates a volume that {@link #ask} has said to be absent. */
  CallEnd create(VolumeId volume, Options options);

  /**
   * Makes the volume available on this host. Success names the path; that it is there is for the
   * caller to prove.
   *
   * @param mountId opaque; the same for the mount and its unmount, and never used twice
   */
  CallEnd mount(VolumeId volume, Options options, String mountId);

  /**
   * Undoes a mount. Success is not proof: the caller looks.
   *
   * @param mountId of the mount; empty for one of a predecessor's, which told the driver none
   * @param path where it was mounted; absent if that was never known
   * @param options of the mount, so that no message shows their values
   */
  CallEnd unmount(VolumeId volume, String mountId, Optional<Path> path, Options options);
}
