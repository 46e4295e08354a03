// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.Deadline;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.linux.KernelLook;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import io.dvdi.testing.RecordedLog;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/** The driver under test with its folder in a test's own, and volumes asked for in one line. */
final class LocalVolumes {
  private static final KernelLook KERNEL = kernel();

  private final RealMounts mounts;
  private final LocalDriver driver;
  final Path folder;
  final RecordedLog log = new RecordedLog();

  LocalVolumes(RealMounts mounts, boolean plainDirectories, String... devices) {
    this.mounts = mounts;
    this.folder = mounts.folder().resolve("volumes");
    this.driver =
        new LocalDriver(
            new LocalSettings(folder, List.of(devices), plainDirectories),
            mounts.folder().resolve("mounting"),
            Optional::empty,
            KERNEL,
            log);
  }

  private static KernelLook kernel() {
    try {
      return new KernelLook(
          Executors.newCachedThreadPool(
              work -> {
                Thread thread = new Thread(work, "look");
                thread.setDaemon(true);
                return thread;
              }),
          Duration.ofSeconds(30));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static VolumeId id(String name) {
    return new VolumeId("local", name);
  }

  static Options options(String... namesAndValues) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Options.of(options);
  }

  Told ask(String name, String... options) {
    return driver.ask(id(name), options(options), Deadline.after(Duration.ofSeconds(30)));
  }

  CallEnd create(String name, String... options) {
    return driver.create(id(name), options(options));
  }

  CallEnd mountOnly(String name, String... options) {
    return driver.mount(id(name), options(options), "m");
  }

  /** What the core has a driver do for the first user of a volume. */
  CallEnd tryMount(String name, String... options) {
    if (ask(name, options).existence() == Told.Existence.ABSENT) {
      CallEnd created = create(name, options);
      if (!(created instanceof Succeeded)) {
        return created;
      }
    }
    return mountOnly(name, options);
  }

  Succeeded mount(String name, String... options) {
    return assertInstanceOf(Succeeded.class, tryMount(name, options));
  }

  /** Mounts, and gives the path. */
  Path path(String name, String... options) {
    return Path.of(mount(name, options).path());
  }

  CallEnd tryUnmount(String name) {
    return driver.unmount(id(name), "m", Optional.of(mountpoint(name)), Options.NONE);
  }

  void unmount(String name) {
    assertEquals(new Succeeded(), tryUnmount(name));
  }

  boolean isFresh(String... options) {
    return driver.isFresh(options(options));
  }

  void check(String name, String... options) {
    driver.check(id(name), options(options));
  }

  String refusalOfDefaults(String... options) {
    return String.valueOf(
        assertThrows(
                InvalidRequestException.class,
                () -> driver.checkDefaults("the parameter d", options(options)))
            .getMessage());
  }

  Options withDefaults(String name, Options given, String... defaults) {
    return given.withDefaults("options", driver.defaultsFor(id(name), given, options(defaults)));
  }

  String refusal(String name, String... options) {
    return String.valueOf(
        assertThrows(InvalidRequestException.class, () -> check(name, options)).getMessage());
  }

  String failure(String name, String... options) {
    return assertInstanceOf(Failed.class, tryMount(name, options)).words();
  }

  Path mountpoint(String name) {
    return folder.resolve(name).resolve("mount");
  }

  Path image(String name) {
    return folder.resolve(name).resolve("image");
  }

  MountTable.Line line(Path path) throws IOException {
    return MountTable.at(path).orElseThrow();
  }

  /** Nothing is mounted below the driver's folder, and no loop device is left. */
  void assertNothingMounted() throws Exception {
    assertEquals(List.of(), MountTable.under(folder));
    Eventually.holds("no loop device left", () -> mounts.loopDevices().isEmpty());
  }

  void assertNoTraces(String name) throws IOException {
    assertTrue(
        !Files.exists(folder.resolve(name).resolve("image.new")), "a half-made file is left");
  }
}
