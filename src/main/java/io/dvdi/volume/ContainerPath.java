// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.ArrayList;
import java.util.List;

/**
 * The path of a volume in a task: relative to the sandbox, or absolute. It contains no {@code .} or
 * {@code ..}, so it cannot lead out of the sandbox or image.
 *
 * @param absolute whether it starts with a slash
 * @param components the names in the path, at least one
 */
public record ContainerPath(boolean absolute, List<String> components) {
  private static final int LONGEST = 4095; // PATH_MAX less its NUL, see realpath(3)
  private static final int LONGEST_COMPONENT = 255; // NAME_MAX

  public ContainerPath {
    components = List.copyOf(components);
  }

  /**
   * Parses a path.
   *
   * @param field the variable or field, for messages
   * @throws InvalidRequestException if the path is invalid
   */
  static ContainerPath parse(String field, String path) {
    Text.check(field, path, LONGEST);
    List<String> components = new ArrayList<>();
    for (String component : path.split("/", -1)) {
      if (component.equals("..") || component.equals(".")) {
        throw new InvalidRequestException(
            "%s %s has a '%s' in it; write the path without it"
                .formatted(field, Text.quote(path), component));
      }
      Text.check(field + ": the path component", component, LONGEST_COMPONENT);
      if (!component.isEmpty()) {
        components.add(component);
      }
    }
    if (components.isEmpty()) {
      throw new InvalidRequestException(
          "%s %s is not the path of a folder; write a path such as 'data' (in the sandbox) or '/var/lib/data'"
              .formatted(field, Text.quote(path)));
    }
    return new ContainerPath(path.startsWith("/"), components);
  }

  /** Whether this path is below another one. */
  boolean isBelow(ContainerPath other) {
    return absolute == other.absolute
        && components.size() > other.components.size()
        && components.subList(0, other.components.size()).equals(other.components);
  }

  @Override
  public String toString() {
    return (absolute ? "/" : "") + String.join("/", components);
  }
}
