// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.isolator.Neighbour;
import io.dvdi.testing.RecordedLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerVolumesTest {
  private final RecordedLog log = new RecordedLog();

  private Optional<Neighbour> decide(String isolation, String key, String value) {
    return ContainerVolumes.decide(
        Settings.of(List.of(Map.entry(key, value))),
        AgentFlags.among(List.of(Map.entry("--isolation", isolation))),
        log);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auto  | posix/cpu               | false | INFO volumes of ContainerInfo and volumes of"
            + " DVDI_VOLUME_NAME are mounted by dvdi",
        "auto  | posix/cpu,docker/volume | true  | INFO volumes of ContainerInfo are left to Mesos'"
            + " docker/volume",
        "leave | docker/volume           | true  | INFO volumes of ContainerInfo are left to Mesos'"
            + " docker/volume",
        "leave | posix/cpu               | true  | WARNING volumes of ContainerInfo are not mounted"
            + " by dvdi (container_volumes is leave)",
        "take  | posix/cpu               | false | INFO volumes of ContainerInfo and volumes of"
            + " DVDI_VOLUME_NAME are mounted by dvdi",
      })
  void theLogSaysWhoMountsThem(String parameter, String isolation, boolean left, String line) {
    assertEquals(left, decide(isolation, "container_volumes", parameter).isPresent());
    assertEquals(1, log.lines().size());
    assertTrue(log.lines().getFirst().startsWith(line), log.lines()::toString);
  }

  @Test
  void anAgentInWhichBothWouldMountThemDoesNotStart() {
    InvalidParameterException e =
        assertThrows(
            InvalidParameterException.class,
            () -> decide("docker/volume", "container_volumes", "take"));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("the parameter container_volumes is take, but"),
        e.toString());
  }

  @Test
  void volumesOfAnIsolatorThatRunsAreNotTakenOver() {
    InvalidParameterException e =
        assertThrows(
            InvalidParameterException.class,
            () -> decide("docker/volume", "import_docker_volume", "/run/x"));
    assertTrue(String.valueOf(e.getMessage()).contains("still has docker/volume"), e.toString());
    assertEquals(Optional.empty(), decide("posix/cpu", "import_docker_volume", "/run/x"));
  }

  @ParameterizedTest
  @CsvSource({
    "container_volumes,both,'auto, take or leave'",
    "import_dvdimounts,relative,an absolute path",
    "import_docker_volume,/a/../b,an absolute path"
  })
  void aBadValueIsNamed(String key, String value, String wanted) {
    InvalidParameterException e =
        assertThrows(
            InvalidParameterException.class, () -> Settings.of(List.of(Map.entry(key, value))));
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("the parameter %s is '%s'; it has to be %s".formatted(key, value, wanted)),
        e.toString());
  }
}
