// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The port to the kernel's mounts. A call returns within a deadline even if a file system never
 * answers, but for {@link Check#seen}. Thread-safe.
 */
public interface Mounts {

  /**
   * A check of a volume's path, for one use. Its caller goes on by itself, on the thread that
   * checks, unless that takes too long: a handover to another thread and back takes longer than the
   * check.
   */
  interface Check {
    /** Checks. Blocks for as long as a file system hangs. */
    Seen seen();

    /**
     * What is known of a path that has not answered in time. Called while another thread is in
     * {@link #seen}, or after that; does not block.
     */
    Seen overdue();
  }

  /** After this time, a check is overdue. */
  Duration timeout();

  /**
   * Prepares a check of a volume's path.
   *
   * @param name of the volume: REX-Ray and others mount {@code …/<name>}, and hand out {@code
   *     …/<name>/data}
   * @param path absent if none is known
   * @param known the mount on record, which may be covered
   * @param since the moment before which nothing of ours was mounted; absent if nothing ever was
   * @param hostDirectories whether directories of the host's own file systems may be handed out
   */
  Check check(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectories);

  /** Checks a volume's path, and waits no longer than {@link #timeout}. */
  Seen look(
      String name,
      Optional<String> path,
      Optional<Evidence> known,
      Optional<Moment> since,
      boolean hostDirectories);

  /**
   * The file system of a mount; absent if it does not answer, or if another mount is at the path.
   */
  Optional<FileSystem> fileSystem(Path path, Evidence mount);

  /**
   * Unmounts a mount that its driver can no longer unmount. If its file system does not answer, it
   * is detached even if processes use it; it then exists until they end.
   *
   * @throws IOException if another mount is at the path, or if the mount is still there
   */
  void unmount(Path path, Evidence mount) throws IOException;
}
