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
  private final List<PluginProgram> plugins = new ArrayList<>();

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
  PluginProgram startPlugin(Path socket, long delay) throws IOException {
    PluginProgram plugin =
        new PluginProgram(settings.programs().resolve("plugin"), socket, volumes(), delay);
    plugins.add(plugin);
    return plugin;
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
                "open", settings.library(), "state_dir=" + records, "plugin_sockets=" + sockets()));
    if (settings.installed().isEmpty()) {
      words.add("java_home=" + settings.java());
    }
    words.addAll(List.of(parameters));
    double[] times = program.run(words.toArray()).get(0);
    if (settings.installed().isPresent()) {
      program.requireMapped(settings.library().resolveSibling("dvdi/dvdi.jsa"));
      program.requireMapped(settings.library().resolveSibling("dvdi/runtime/lib/server/libjvm.so"));
    }
    return times;
  }

  @Override
  public void close() throws IOException {
    for (PluginProgram plugin : plugins) {
      plugin.close();
    }
    // What is still mounted below it stays until the namespace ends.
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        path.toFile().delete();
      }
    }
  }
}
