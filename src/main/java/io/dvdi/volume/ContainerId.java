// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

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

  @Override
  public String toString() {
    return value;
  }
}
