// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.FileSystem;
import io.dvdi.volume.VolumeId;
import java.util.Optional;

/**
 * What the kernel showed. A look ends by its deadline: a file system that does not answer is a
 * result, too.
 *
 * @param moment of the look, for a Mount that is announced next
 * @param place what is at the volume's path
 * @param covered the mount on record still exists, and another mount covers it
 * @param owner another volume that the place belongs to ({@link Places}): the driver has two names
 *     for one volume
 * @param callerGone the process that called mount(2) for a mount ID in doubt is gone, so that its
 *     mount can no longer appear; true only for drivers that mount in a process of ours
 */
public record Seen(
    Moment moment, Place place, boolean covered, Optional<VolumeId> owner, boolean callerGone) {

  /** What is at the volume's path. */
  public sealed interface Place {}

  /**
   * It is not known whether something is mounted.
   *
   * @param why the kernel could not be asked; empty if no path is known
   */
  public record Unknown(String why) implements Place {

    /** No path is known. */
    public Unknown() {
      this("");
    }
  }

  /**
   * Nothing of the volume is mounted at the path.
   *
   * @param isDirectory whether a directory of the host's own file systems is there
   */
  public record NotMounted(boolean isDirectory) implements Place {}

  /**
   * A mount contains the path.
   *
   * @param mount the mount
   * @param health whether its file system answers
   * @param readOnly whether the mount or its file system refuses writes
   * @param fileSystem for the operator; absent unless it answers
   * @param refusal why no task may have it, such as the host's root file system or the mountpoint
   *     of another volume; absent if a task may have it
   */
  public record Mounted(
      Evidence mount,
      Health health,
      boolean readOnly,
      Optional<FileSystem> fileSystem,
      Optional<String> refusal)
      implements Place {}

  /** Whether a file system answers. */
  public enum Health {
    /** statfs(2) answered. */
    ANSWERS,
    /** It did not answer within the deadline. */
    SILENT,
    /** It answered with ENOTCONN, ESTALE, EIO or ENODEV. */
    DEAD
  }
}
