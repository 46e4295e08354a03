// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.util.Optional;

/**
 * What a look at the kernel showed. A look always ends within its deadline: a file system that does
 * not answer is a result.
 *
 * @param moment of the look, for a Mount that is announced next
 * @param place what is at the volume's path
 * @param covered the mount on record is still there, and something else is mounted over it
 * @param callerGone the process that called mount(2) for a mount ID in doubt is gone, so that its
 *     mount cannot come any more; true only for drivers that mount in a process of ours
 */
public record Seen(Moment moment, Place place, boolean covered, boolean callerGone) {

  /** What is at the volume's path. */
  public sealed interface Place {}

  /**
   * Neither "mounted" nor "not mounted" is known.
   *
   * @param why the kernel could not be asked; empty if there is no path to ask about
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
   * @param isDirectory there is a directory of the host's own file systems
   */
  public record NotMounted(boolean isDirectory) implements Place {}

  /**
   * A mount contains the path.
   *
   * @param mount which one
   * @param health whether its file system answers
   * @param readOnly the mount, or its file system, refuses writes
   * @param refusal why no task may have it, such as the host's root file system or the mountpoint
   *     of another volume; absent if nothing is against it
   */
  public record Mounted(Evidence mount, Health health, boolean readOnly, Optional<String> refusal)
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
