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

class DockerVolumeIsolatorTest {
  private final RecordedLog log = new RecordedLog();

  private Optional<Neighbour> find(String isolation, List<Map.Entry<String, String>> parameters) {
    return DockerVolumeIsolator.find(
        Settings.of(parameters, log),
        AgentFlags.among(List.of(Map.entry("--isolation", isolation))),
        log);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "posix/cpu               | false | INFO volumes of ContainerInfo and volumes of"
            + " DVDI_VOLUME_NAME are mounted by dvdi",
        "posix/cpu,docker/volume | true  | INFO volumes of ContainerInfo are left to Mesos'"
            + " docker/volume",
      })
  void theLogSaysWhoMountsThem(String isolation, boolean left, String line) {
    assertEquals(left, find(isolation, List.of()).isPresent());
    assertEquals(1, log.lines().size());
    assertTrue(log.lines().getFirst().startsWith(line), log.lines()::toString);
  }

  @Test
  void volumesOfAnIsolatorThatRunsAreNotTakenOver() {
    List<Map.Entry<String, String>> parameters =
        List.of(Map.entry("import_docker_volume", "/run/x"));
    InvalidParameterException e =
        assertThrows(InvalidParameterException.class, () -> find("docker/volume", parameters));
    assertTrue(String.valueOf(e.getMessage()).contains("docker/volume is still in"), e.toString());
    assertEquals(Optional.empty(), find("posix/cpu", parameters));
  }
}
