// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dvdi.driver.Deadline;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.CutOff;
import io.dvdi.lifecycle.VolumeEvent.Failed;
import io.dvdi.lifecycle.VolumeEvent.NotSent;
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

  Told ask() {
    return ask(Duration.ofSeconds(60));
  }

  Told ask(Duration time) {
    return driver.ask(DATA, Options.NONE, Deadline.after(time));
  }

  CallEnd create(Map<String, String> options) {
    return driver.create(DATA, Options.of(options));
  }

  CallEnd mount() {
    return mount(Options.NONE);
  }

  CallEnd mount(Options options) {
    return driver.mount(DATA, options, "id-1");
  }

  CallEnd unmount() {
    return unmount(Options.NONE);
  }

  CallEnd unmount(Options options) {
    return driver.unmount(DATA, "id-1", Optional.empty(), options);
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
