// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvdi.testing.RealMounts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs programs with a deadline that they do not reach. */
abstract class ProgramFixture {
  @RegisterExtension final RealMounts mounts = new RealMounts();

  static DriverException failure(String... command) {
    return assertThrows(DriverException.class, () -> Program.run(List.of(command), soon()));
  }

  static Program.Ended shell(String script) throws DriverException {
    return Program.run(List.of("sh", "-c", script), soon());
  }

  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30));
  }
}
