// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What runs on this host for the tests, apart from their own JVM. */
final class Processes {
  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  /**
   * The processes that belong to an agent's cgroup, or live in the mount namespace of the tests,
   * such as the agents themselves and the programs that they start.
   */
  static List<String> of(String cgroup) throws IOException {
    Path namespace = Files.readSymbolicLink(PROC.resolve("self/ns/mnt"));
    List<String> found = new ArrayList<>();
    try (Stream<Path> folders = Files.list(PROC)) {
      for (Path process : folders.filter(Processes::isProcess).toList()) {
        try {
          boolean ours = Files.readSymbolicLink(process.resolve("ns/mnt")).equals(namespace);
          boolean contained = Files.readString(process.resolve("cgroup")).contains("/" + cgroup);
          if ((ours || contained) && !isSelf(process)) {
            String command = Files.readString(process.resolve("cmdline")).replace('\0', ' ');
            found.add(process.getFileName() + " " + command);
          }
        } catch (IOException e) {
          // It ended meanwhile, or is a zombie, which has no namespace any more.
        }
      }
    }
    return found;
  }

  private static boolean isProcess(Path entry) {
    return Character.isDigit(entry.getFileName().toString().charAt(0));
  }

  private static boolean isSelf(Path process) {
    return process.getFileName().toString().equals(Long.toString(ProcessHandle.current().pid()));
  }
}
