// SPDX-License-Identifier: Apache-2.0
package io.dvdi.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** mount(8) and umount(8), and the mount table. */
final class MountProgram {
  private MountProgram() {}

  static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String words = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(words);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The mountpoints at a path and below it, in the order of the table. */
  static List<Path> under(Path path) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      Path at = Path.of(line.split(" ", 6)[4].replace("\\040", " "));
      if (at.startsWith(path)) {
        found.add(at);
      }
    }
    return found;
  }

  static boolean isMountpoint(Path path) throws IOException {
    return under(path).contains(path);
  }
}
