// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the host has to do for a container before it runs the task.
 *
 * @param binds to make in the container's own mount namespace, in this order
 * @param environment to add to the task's own
 */
public record Launch(List<Bind> binds, Map<String, String> environment) {
  /** For a container without external volumes. */
  static final Launch NOTHING = new Launch(List.of(), Map.of());

  /** A bind mount, recursive. */
  public record Bind(Path source, Path target, boolean readOnly) {}
}
