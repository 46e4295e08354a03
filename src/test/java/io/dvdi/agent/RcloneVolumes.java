// SPDX-License-Identifier: Apache-2.0
package io.dvdi.agent;

import io.dvdi.driver.plugin.Rclone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A running rclone, agents that find it, and tasks on its volumes. */
final class RcloneVolumes {
  private final Path sockets;
  private final Rclone rclone;

  RcloneVolumes(Path folder) throws Exception {
    sockets = Files.createDirectories(folder.resolve("plugins"));
    rclone = new Rclone(folder.resolve("rclone"), socket());
  }

  Rclone rclone() {
    return rclone;
  }

  Path socket() {
    return sockets.resolve("rclone.sock");
  }

  /** Where the files of a volume really are. */
  Path source(String volume) throws IOException {
    return rclone.source(volume);
  }

  /** An agent with a folder of its own. */
  EmbeddedAgent agent(Path folder) {
    return new EmbeddedAgent(folder).parameter("plugin_sockets", sockets.toString());
  }

  /** A task with the volume "data" at the path data of its sandbox. */
  String task(String name, String command) throws IOException {
    return task(name, command, "data", "");
  }

  String task(String name, String command, String volume, String options) throws IOException {
    return EmbeddedAgent.task(
        name,
        command,
        "DVDI_VOLUME_NAME",
        volume,
        "DVDI_VOLUME_DRIVER",
        "rclone",
        "DVDI_VOLUME_OPTS",
        "remote=:local:" + source(volume) + (options.isEmpty() ? "" : "," + options),
        "DVDI_VOLUME_CONTAINERPATH",
        "data");
  }

  /** A command that says so when it runs, and ends when there is a file end-NAME. */
  static String untilTold(String name, Path folder) {
    return "echo %s runs; while [ ! -e %s ]; do sleep 0.05; done"
        .formatted(name, folder.resolve("end-" + name));
  }

  /** Whether that command still runs, under whatever agent. */
  static boolean runs(String name, Path folder) {
    String words = folder.resolve("end-" + name).toString();
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(words));
  }

  void close() throws Exception {
    rclone.close();
  }
}
