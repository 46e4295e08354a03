// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import io.dvdi.volume.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An app's id: its group, its group's group and so on, and its own name, as in {@code /shop/db}.
 *
 * @param path the outermost group first, at least one name
 */
public record AppId(List<String> path) {
  // PathId.scala of Marathon.
  private static final Pattern NAME =
      Pattern.compile(
          "(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])");
  private static final Set<String> RESERVED = Set.of("restart", "tasks", "versions");

  public AppId {
    path = List.copyOf(path);
  }

  static AppId of(JsonField field) {
    String text = field.text();
    List<String> path = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      if (name.isEmpty()) {
        continue; // Marathon takes a//b for a/b.
      }
      if (!NAME.matcher(name).matches()) {
        throw field.invalid(
            ("is %s; each name between slashes has lower-case letters, digits, hyphens and dots,"
                    + " and starts and ends with a letter or digit")
                .formatted(Text.quote(text)));
      }
      path.add(name);
    }
    if (path.isEmpty()) {
      throw field.invalid(
          "is %s, which is not an app's id; write one such as '/shop/db'"
              .formatted(Text.quote(text)));
    }
    if (RESERVED.contains(path.getLast())) {
      throw field.invalid(
          "is %s, which ends with a word that is reserved in Marathon; write another name"
              .formatted(Text.quote(text)));
    }
    return new AppId(path);
  }

  /** The task's id. Marathon puts a random part behind it. */
  public String taskId() {
    return String.join("_", path);
  }

  /** The task's name, which service discovery uses as a host name: the innermost name first. */
  public String taskName() {
    List<String> reversed = new ArrayList<>(path);
    Collections.reverse(reversed);
    return String.join(".", reversed);
  }

  @Override
  public String toString() {
    return "/" + String.join("/", path);
  }
}
