// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.List;

/**
 * A container ID: the ContainerIDs from the outermost parent to the container, joined by dots.
 *
 * @param value not empty
 */
public record ContainerId(String value) {
  public ContainerId {
    if (value.isEmpty()) {
      throw new InvalidRequestException("the container has an empty ID");
    }
    Text.check("container ID", value, 4096);
  }

  /** How many containers a message names. */
  private static final int MOST_NAMED = 8;

  /** Containers for a message. A shared volume can have thousands. */
  public static String some(List<ContainerId> all) {
    return all.size() <= MOST_NAMED
        ? all.toString()
        : all.subList(0, MOST_NAMED) + " and " + (all.size() - MOST_NAMED) + " more";
  }

  @Override
  public String toString() {
    return value;
  }
}
