// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What an agent made in the hierarchies of cgroups(7). */
final class Cgroups {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** Whether the hierarchies of version 1 are there; beside them may be that of version 2. */
  static final boolean VERSION_1 = Files.isDirectory(ROOT.resolve("cpu"));

  private Cgroups() {}

  private static List<Path> roots(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(ROOT.resolve(name))) {
      found.add(ROOT.resolve(name));
    }
    try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(ROOT, Files::isDirectory)) {
      for (Path hierarchy : hierarchies) {
        if (Files.isDirectory(hierarchy.resolve(name))) {
          found.add(hierarchy.resolve(name));
        }
      }
    }
    return found;
  }

  /** The cgroups below an agent's own, deepest first. */
  static List<Path> below(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path root : roots(name)) {
      try (Stream<Path> below = Files.walk(root)) {
        below.filter(path -> Files.isDirectory(path) && !path.equals(root)).forEach(found::add);
      }
    }
    found.sort(Comparator.comparingInt(Path::getNameCount).reversed());
    return found;
  }

  /** Ends what runs in an agent's cgroups. */
  static void kill(String name) throws IOException {
    for (Path cgroup : below(name)) {
      Path processes = cgroup.resolve("cgroup.procs");
      if (!Files.exists(processes)) {
        continue;
      }
      for (String pid : Files.readAllLines(processes)) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** Removes the agent's own, and those below, which must be without processes. */
  static void remove(String name) throws IOException {
    for (Path cgroup : below(name)) {
      Files.deleteIfExists(cgroup);
    }
    for (Path root : roots(name)) {
      Files.deleteIfExists(root);
    }
  }
}
