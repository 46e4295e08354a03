// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The port to folders below a root that a task may have written to. Follows no link. */
@FunctionalInterface
public interface Folders {
  /**
   * Finds a folder, and creates what is missing of it if that is wanted.
   *
   * @param components names without slashes
   * @param rootsOnly create it only where nobody but root can replace it, or a folder above it
   * @return its path on the host
   * @throws IOException if it is not there or cannot be used; the message says why
   */
  Path find(Path root, List<String> components, boolean create, boolean rootsOnly)
      throws IOException;
}
