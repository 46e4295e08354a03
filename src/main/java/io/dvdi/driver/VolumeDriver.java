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
 * <p>{@link #create}, {@link #mount} and {@link #unmount} have no deadline: they return when the
 * driver has answered or has died. They report failures of a driver, a disk or the kernel as a
 * {@link CallEnd}. If they throw, the call counts as cut off, and may still take effect. If the
 * driver cannot be reached, they retry for a while, in case it restarts. Then they return {@link
 * io.dvdi.lifecycle.VolumeEvent.NotSent}, which guarantees that nothing was sent.
 *
 * <p>Thread-safe for different volumes. For one volume, there is only one call at a time.
 */
public interface VolumeDriver {

  /**
   * Refuses a request that this driver can never serve. Reads only files of the operator.
   *
   * @throws io.dvdi.volume.InvalidRequestException says what to change
   */
  default void check(VolumeId volume, Options options) {}

  /**
   * The default options for a request, unless it sets the same ones itself.
   *
   * @param given the options of the request
   * @param defaults those that the operator set for this driver
   */
  default Options defaultsFor(VolumeId volume, Options given, Options defaults) {
    return defaults;
  }

  /**
   * Whether these options request a new, empty file system at each mount. Then the files of an
   * earlier task must not be visible.
   */
  default boolean isFresh(Options options) {
    return false;
  }

  /**
   * Whether the driver mounts and unmounts by itself. Such a driver counts no users and has no
   * other client. Its calls end with this process, or {@link #ask} has no answer until they have
   * ended.
   */
  default boolean mountsItself() {
    return false;
  }

  /** Whether only root can reach the paths of its volumes on the host. */
  default boolean isClosed() {
    return false;
  }

  /**
   * Asks for the state of a volume. Changes nothing, never throws, and returns at its deadline.
   *
   * @param options those of the container that requests the volume, or those with which it is
   *     mounted; messages do not show their values
   */
  Told ask(VolumeId volume, Options options, Deadline deadline);

  /** Creates a volume. {@link #ask} must have reported that it does not exist. */
  CallEnd create(VolumeId volume, Options options);

  /**
   * Mounts a volume. Success includes its path. The caller verifies the mount.
   *
   * @param mountId opaque; the same for the mount and its unmount, and never reused
   */
  CallEnd mount(VolumeId volume, Options options, String mountId);

  /**
   * Unmounts a volume. The caller verifies that it is unmounted.
   *
   * @param mountId of the mount; empty if mesos-module-dvdi or docker/volume mounted it, which send
   *     no ID
   * @param path the volume's path; absent if it was never known
   * @param options of the mount; messages do not show their values
   */
  CallEnd unmount(VolumeId volume, String mountId, Optional<Path> path, Options options);
}
