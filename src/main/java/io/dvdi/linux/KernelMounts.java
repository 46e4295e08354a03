// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The mounts of this mount namespace: {@link UniqueMounts}, or {@link ReusedMounts} on older
 * kernels. Only {@link #at} may wait for a file system.
 */
interface KernelMounts {

  /**
   * The current moment. Take it before any other check; otherwise a mount that is made in between
   * would count as older.
   */
  Moment now() throws IOException;

  /** What is at a path. A symbolic link in the last component is not followed. */
  PathEntry at(String path) throws IOException;

  /** The mount that contains a path; empty if it no longer exists. */
  Optional<MountFacts> facts(PathEntry entry) throws IOException;

  /** Whether a mount exists, at any path, even if another mount covers it. */
  boolean exists(Evidence mount) throws IOException;

  /** Whether a mount of now was made after a moment, as far as the kernel can tell. */
  Moment.Age ageOf(Evidence mount, Moment moment) throws IOException;

  /** All mounts, the oldest first. The cost grows with their number. */
  List<MountFacts> all() throws IOException;
}
