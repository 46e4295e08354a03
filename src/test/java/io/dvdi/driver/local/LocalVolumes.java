// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.MountTable;
import io.dvdi.testing.RealMounts;
import io.dvdi.testing.RecordedLog;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The driver under test with its folder in a test's own, and volumes asked for in one line. */
final class LocalVolumes {
  private final RealMounts mounts;
  private final LocalDriver driver;
  final Path folder;
  final RecordedLog log = new RecordedLog();

  LocalVolumes(RealMounts mounts, boolean plainDirectories, String... devices) {
    this.mounts = mounts;
    this.folder = mounts.folder().resolve("volumes");
    this.driver =
        new LocalDriver(new LocalSettings(folder, List.of(devices), plainDirectories), log);
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

  Mountpoint mount(String name, String... options) throws DriverException {
    return driver.mount(request(name, false, options));
  }

  /** Mounts, and gives the path. */
  Path path(String name, String... options) throws DriverException {
    return mount(name, options).path();
  }

  Mountpoint mountExisting(String name, String... options) throws DriverException {
    return driver.mount(request(name, true, options));
  }

  void unmount(String name) throws DriverException {
    driver.unmount(
        new VolumeDriver.Unmount(
            id(name), "m", Optional.empty(), Deadline.after(Duration.ofSeconds(30)), Options.NONE));
  }

  void check(String name, String... options) {
    driver.check(id(name), options(options));
  }

  String refusal(String name, String... options) {
    return String.valueOf(
        assertThrows(InvalidRequestException.class, () -> check(name, options)).getMessage());
  }

  String failure(String name, String... options) {
    DriverException e = assertThrows(DriverException.class, () -> mount(name, options));
    return String.valueOf(e.getMessage());
  }

  Path mountpoint(String name) {
    return driver.mountpoint(id(name)).orElseThrow();
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

  private static VolumeDriver.Mount request(String name, boolean mustExist, String... options) {
    return new VolumeDriver.Mount(
        id(name), options(options), mustExist, "m", Deadline.after(Duration.ofSeconds(60)));
  }
}
