// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the host has to do for a container before it runs the task.
 *
 * @param binds to make in the container's own mount namespace, in this order
 * @param environment to add to the task's own
 */
public record Launch(List<Bind> binds, Map<String, String> environment) {
  /** For a container without external volumes. */
  static final Launch NOTHING = new Launch(List.of(), Map.of());

  /** What a copy of a mount in another mount namespace has in common with it; see Evidence. */
  public record Mount(String device, String root, String mountpoint) {}

  /**
   * A bind mount, recursive.
   *
   * @param mount the proved mount that contains the source; absent for a plain directory
   * @param target the same as the source: the container uses the volume there
   * @param suid set-user-ID bits and device files of the volume count
   */
  public record Bind(
      Path source, Optional<Mount> mount, Path target, boolean readOnly, boolean suid) {}
}
