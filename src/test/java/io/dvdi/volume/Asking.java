// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a task writes, and what it is told. */
final class Asking {
  static final String DEFAULT_DRIVER = "rexray";

  private Asking() {}

  /** Variables from names and values in turn. */
  static List<Map.Entry<String, String>> environment(String... namesAndValues) {
    List<Map.Entry<String, String>> environment = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.add(entry(namesAndValues[i], namesAndValues[i + 1]));
    }
    return environment;
  }

  static List<VolumeRequest> ask(String... namesAndValues) {
    return VolumeRequests.parse(environment(namesAndValues), List.of(), DEFAULT_DRIVER);
  }

  static List<VolumeRequest> ask(ContainerVolume... volumes) {
    return VolumeRequests.parse(List.of(), List.of(volumes), DEFAULT_DRIVER);
  }

  static String refusal(String... namesAndValues) {
    return message(environment(namesAndValues));
  }

  static String refusal(ContainerVolume... volumes) {
    return message(List.of(), volumes);
  }

  static String message(List<Map.Entry<String, String>> environment, ContainerVolume... volumes) {
    return String.valueOf(
        assertThrows(
                InvalidRequestException.class,
                () -> VolumeRequests.parse(environment, List.of(volumes), DEFAULT_DRIVER))
            .getMessage());
  }

  static ContainerVolume volume(String driver, String name, String path, String... options) {
    return new ContainerVolume(
        Optional.of(driver), name, path, environment(options), /* readOnly= */ false);
  }
}
