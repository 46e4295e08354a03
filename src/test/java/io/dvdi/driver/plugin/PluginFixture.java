// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A plugin driver with folders of its own, and a stand-in plugin that it finds there. */
abstract class PluginFixture {
  static final VolumeId DATA = new VolumeId("stand-in", "data");
  static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path folder;

  final List<String> log = new CopyOnWriteArrayList<>();
  PluginFolders folders;
  StandInPlugin plugin;
  PluginDriver driver;

  @BeforeEach
  void start() throws IOException {
    folders =
        new PluginFolders(
            folder.resolve("run"),
            List.of(folder.resolve("etc"), folder.resolve("lib")),
            folder.resolve("managed"));
    Files.createDirectories(folders.sockets());
    plugin = new StandInPlugin(socket());
    driver = driver(Duration.ofMillis(300));
  }

  @AfterEach
  void stop() throws IOException {
    plugin.close();
  }

  Path socket() {
    return folders.sockets().resolve("stand-in.sock");
  }

  PluginDriver driver(Duration patience) {
    return new PluginDriver(
        new PluginDiscovery(folders), patience, (level, text) -> log.add(level + " " + text));
  }

  Mountpoint mount(Map<String, String> options) throws DriverException {
    return driver.mount(asked(options, false, LONG));
  }

  static VolumeDriver.Mount asked(Map<String, String> options, boolean mustExist, Duration time) {
    return new VolumeDriver.Mount(
        DATA, Options.of(options), mustExist, "id-1", Deadline.after(time));
  }

  static VolumeDriver.Unmount given(Duration time) {
    return given(time, Options.NONE);
  }

  static VolumeDriver.Unmount given(Duration time, Options options) {
    return new VolumeDriver.Unmount(DATA, "id-1", Optional.empty(), Deadline.after(time), options);
  }

  DriverException mountFails() {
    return assertThrows(DriverException.class, () -> mount(Map.of()));
  }
}
