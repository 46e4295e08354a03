// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The mounts of this mount namespace as the kernel shows them: {@link UniqueMounts} or, on older
 * kernels, {@link ReusedMounts}. Only {@link #at} may wait for a file system.
 */
interface KernelMounts {

  /**
   * The moment of now. To be taken before anything else is looked at, or what is mounted in between
   * would be taken for older.
   */
  Moment now() throws IOException;

  /** What is at a path; its last component is not followed when it is a symbolic link. */
  PathEntry at(String path) throws IOException;

  /** The mount that a path was found on; empty if it is gone since. */
  Optional<MountFacts> facts(PathEntry entry) throws IOException;

  /** Whether a mount is there, at whatever path, and also below another one. */
  boolean exists(Evidence mount) throws IOException;

  /** Whether a mount was made after a moment, as far as the kernel can tell. */
  boolean isNewer(Evidence mount, Moment moment) throws IOException;

  /** All of them, the oldest first. Costs more, the more there are. */
  List<MountFacts> all() throws IOException;
}
