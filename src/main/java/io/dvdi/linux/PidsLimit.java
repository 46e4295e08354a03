// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How many threads and processes a cgroup may have, see cgroups(7). systemd sets it as TasksMax=.
 *
 * @param cgroup its path in the hierarchy
 * @param max pids.max
 * @param current how many there are, with those of the cgroups below
 */
public record PidsLimit(String cgroup, long max, long current) {
  private static final String CONTROLLER = "pids";
  private static final String NO_LIMIT = "max";
  private static final Path HIERARCHIES = Path.of("/sys/fs/cgroup");

  /** How many more there can be. */
  public long room() {
    return Math.max(0, max - current);
  }

  /**
   * The limit of this process' cgroup, or of one above it, that leaves the least room. Empty if
   * there is no limit, or if cgroups cannot be seen.
   */
  public static Optional<PidsLimit> tightest() {
    try {
      return tightest(ProcFile.lines("/proc/self/cgroup"), HIERARCHIES);
    } catch (IOException e) {
      return Optional.empty(); // a kernel without cgroups
    }
  }

  /**
   * Looks where all distributions mount cgroups. In a container, the paths may be those of the
   * host: then only the uppermost folder is there, which is the container's cgroup.
   *
   * @param lines of /proc/self/cgroup
   * @param hierarchies the folder in which version 1 of cgroups is mounted, or version 2 itself
   */
  static Optional<PidsLimit> tightest(List<String> lines, Path hierarchies) {
    String first = path(lines, CONTROLLER);
    Path root = first.isEmpty() ? hierarchies : hierarchies.resolve(CONTROLLER);
    String cgroup = first.isEmpty() ? path(lines, "") : first;
    Optional<PidsLimit> tightest = Optional.empty();
    while (!cgroup.isEmpty()) {
      Optional<PidsLimit> limit = of(cgroup, root);
      if (tightest.isEmpty() || (limit.isPresent() && limit.get().room() < tightest.get().room())) {
        tightest = limit;
      }
      cgroup = above(cgroup);
    }
    return tightest;
  }

  /**
   * The cgroup in the hierarchy that has the controller. That of version 2 has no name. Empty if
   * there is no such hierarchy.
   */
  private static String path(List<String> lines, String controller) {
    for (String line : lines) {
      String[] fields = line.split(":", 3); // ID, controllers, path
      if (fields.length == 3
          && fields[2].startsWith("/")
          && List.of(fields[1].split(",", -1)).contains(controller)) {
        return fields[2];
      }
    }
    return "";
  }

  /** Empty if it is the root. */
  private static String above(String cgroup) {
    return cgroup.length() == 1 ? "" : cgroup.substring(0, Math.max(1, cgroup.lastIndexOf('/')));
  }

  private static Optional<PidsLimit> of(String cgroup, Path root) {
    try {
      Path folder = root.resolve(cgroup.substring(1));
      String max = Files.readString(folder.resolve("pids.max")).strip();
      return max.equals(NO_LIMIT)
          ? Optional.empty()
          : Optional.of(
              new PidsLimit(
                  cgroup,
                  Long.parseLong(max),
                  Long.parseLong(Files.readString(folder.resolve("pids.current")).strip())));
    } catch (IOException | InvalidPathException | NumberFormatException e) {
      return Optional.empty(); // no such folder, or the root, which has no limit
    }
  }
}
