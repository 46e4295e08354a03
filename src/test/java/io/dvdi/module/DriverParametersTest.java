// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.testing.RecordedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Parameters that name drivers. */
class DriverParametersTest {
  private static Settings settings(String... keysAndValues) {
    List<Map.Entry<String, String>> parameters = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      parameters.add(Map.entry(keysAndValues[i], keysAndValues[i + 1]));
    }
    return Settings.of(parameters, new RecordedLog());
  }

  /** Requests have the name without it. */
  @Test
  void theTagLatestGoesWithoutSaying() {
    String written = "rexray/ebs:latest";
    Settings settings =
        settings(
            "default_driver",
            written,
            "allowed_drivers",
            written + ",local",
            "plain_directories",
            written,
            "suid_drivers",
            written);

    assertEquals("rexray/ebs", settings.requests().defaultDriver());
    assertEquals(Set.of("rexray/ebs", "local"), settings.drivers().allowed());
    assertEquals(Set.of("rexray/ebs"), settings.volumes().plainDirectories());
    assertEquals(Set.of("rexray/ebs"), settings.volumes().suidDrivers());
  }
}
