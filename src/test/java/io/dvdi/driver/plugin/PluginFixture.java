// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dvdi.driver.Deadline;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.CutOff;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.NotSent;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
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

  Told ask() {
    return ask(LONG);
  }

  Told ask(Duration time) {
    return driver.ask(DATA, Options.NONE, Deadline.after(time));
  }

  CallEnd mount() {
    return driver.mount(DATA, Options.NONE, "id-1");
  }

  CallEnd unmount() {
    return unmount(Options.NONE);
  }

  CallEnd unmount(Options options) {
    return driver.unmount(DATA, "id-1", Optional.empty(), options);
  }

  /**
   * All that a first container leads to: the plugin is asked, creates what is absent, and mounts.
   */
  CallEnd use(Map<String, String> options) {
    return use(DATA, Options.of(options), LONG);
  }

  CallEnd use(VolumeId volume, Options options, Duration time) {
    Told told = driver.ask(volume, options, Deadline.after(time));
    if (!told.answered()) {
      return new NotSent(told.words());
    }
    if (told.existence() == Existence.ABSENT) {
      CallEnd created = driver.create(volume, options);
      if (!created.equals(new Succeeded())) {
        return created;
      }
    }
    return driver.mount(volume, options, "id-1");
  }

  static Succeeded mountedAt(String path) {
    return new Succeeded(path, false);
  }

  static String failed(CallEnd end) {
    return assertInstanceOf(Failed.class, end).words();
  }

  static String cutOff(CallEnd end) {
    return assertInstanceOf(CutOff.class, end).words();
  }

  static String notSent(CallEnd end) {
    return assertInstanceOf(NotSent.class, end).words();
  }
}
