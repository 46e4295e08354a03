// SPDX-License-Identifier: Apache-2.0
package io.dvdi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders and plugins of one measurement. Mounts go with the mount namespace that bin/bench has
 * made, or when it is closed.
 */
final class Workplace implements AutoCloseable {
  private final Settings settings;
  private final Path folder;
  private final List<Process> plugins = new ArrayList<>();

  /**
   * @param folder is made, and deleted at the end
   */
  Workplace(Settings settings, Path folder) throws IOException {
    this.settings = settings;
    this.folder = Files.createDirectories(folder);
    Files.createDirectories(folder.resolve("sandbox/data"));
  }

  Path folder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /** A folder for records, which only root can access. */
  Path records(String name) throws IOException {
    Path records = folder(name);
    Files.setPosixFilePermissions(records, PosixFilePermissions.fromString("rwx------"));
    return records;
  }

  /**
   * Starts a plugin.
   *
   * @param socket its name is that of the driver
   * @param delay of its Mount, in ms
   */
  void startPlugin(Path socket, long delay) throws IOException {
    Process plugin =
        new ProcessBuilder(
                settings.programs().resolve("plugin").toString(),
                socket.toString(),
                volumes().toString(),
                String.valueOf(delay))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    plugins.add(plugin);
    if (!"ready".equals(plugin.inputReader().readLine())) {
      throw new IOException("the plugin at " + socket + " did not start");
    }
  }

  Path volumes() throws IOException {
    return folder("volumes");
  }

  Path sockets() throws IOException {
    return folder("plugins");
  }

  /** The module in a process of its own, with a plugin named benchmark. */
  MeasureProgram module(Path records, String... parameters) throws IOException {
    MeasureProgram program = program();
    open(program, records, parameters);
    return program;
  }

  MeasureProgram program() throws IOException {
    MeasureProgram program = new MeasureProgram(settings.programs().resolve("measure"));
    program.run("sandbox", folder.resolve("sandbox"));
    program.run("limit", sockets().resolve("benchmark.sock"), records("limit"), volumes());
    return program;
  }

  /** Returns how long it takes to load the module and start Java, and then to recover, in ns. */
  double[] open(MeasureProgram program, Path records, String... parameters) throws IOException {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "open",
                settings.library(),
                "java_home=" + settings.java(),
                "state_dir=" + records,
                "plugin_sockets=" + sockets()));
    words.addAll(List.of(parameters));
    return program.run(words.toArray()).get(0);
  }

  @Override
  public void close() throws IOException {
    for (Process plugin : plugins) {
      plugin.outputWriter().close();
      try {
        plugin.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    // What is still mounted below it stays until the namespace ends.
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        path.toFile().delete();
      }
    }
  }
}
