// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Calls of the driver dvdcli. */
abstract class DvdcliFixture {
  static final VolumeId DATA = new VolumeId("stand-in", "data");

  final List<String> log = new CopyOnWriteArrayList<>();
  DvdcliDriver driver = new DvdcliDriver(Path.of("/nonexistent"), (level, text) -> {});

  void drive(Path program) {
    driver = new DvdcliDriver(program, (level, text) -> log.add(text));
  }

  Path mount(Map<String, String> options, boolean mustExist, Duration time) throws DriverException {
    return driver
        .mount(
            new VolumeDriver.Mount(
                DATA, Options.of(options), mustExist, "id-1", Deadline.after(time)))
        .path();
  }

  Path mount(Map<String, String> options) throws DriverException {
    return mount(options, false, Duration.ofSeconds(20));
  }

  void unmount() throws DriverException {
    unmount(Options.NONE);
  }

  void unmount(Options options) throws DriverException {
    driver.unmount(
        new VolumeDriver.Unmount(
            DATA, "id-1", Optional.empty(), Deadline.after(Duration.ofSeconds(20)), options));
  }

  DriverException mountFails() {
    return assertThrows(DriverException.class, () -> mount(Map.of()));
  }
}
