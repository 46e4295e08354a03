// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static io.dvdi.volume.Asking.ask;
import static io.dvdi.volume.Asking.environment;
import static io.dvdi.volume.Asking.message;
import static io.dvdi.volume.Asking.refusal;
import static io.dvdi.volume.Asking.volume;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Volumes of ContainerInfo, and what becomes of both forms of asking together. */
class VolumeRequestsTest {
  @Test
  void aVolumeOfContainerInfoIsOneRequest() {
    VolumeRequest request =
        ask(new ContainerVolume(
                Optional.of("pxd"), "pg", "data", environment("size", "5", "repl", "3"), true))
            .get(0);

    assertEquals(new VolumeId("pxd", "pg"), request.id());
    assertEquals(Map.of("size", "5", "repl", "3"), request.options().values());
    assertEquals("data", request.containerPath().orElseThrow().toString());
    assertTrue(request.readOnly());
    assertFalse(request.mustExist());
  }

  @Test
  void withoutADriverItIsTheDefaultOne() {
    assertEquals(
        Asking.DEFAULT_DRIVER,
        ask(new ContainerVolume(Optional.empty(), "pg", "data", List.of(), false))
            .get(0)
            .id()
            .driver());
  }

  @Test
  void messagesSayWhichVolumeOfTheContainerIsWrong() {
    ContainerVolume good = volume("local", "pg", "data");
    String second = "volume 2 of the task's container";

    assertTrue(
        refusal(good, volume("local", "", "logs")).startsWith(second + ": the name is empty"));
    assertTrue(
        refusal(good, volume("a b", "lg", "logs")).startsWith(second + ": the driver 'a b'"));
    assertTrue(refusal(good, volume("", "lg", "logs")).startsWith(second + ": the driver ''"));
    assertTrue(
        refusal(good, volume("local", "lg", "")).startsWith(second + ": the container path ''"));
    assertTrue(
        refusal(good, volume("local", "lg", "../logs"))
            .startsWith(second + ": the container path '../logs'"));
    assertTrue(
        refusal(good, volume("local", "lg", "logs", "size", "1", "size", "2"))
            .startsWith(second + " contains the option 'size' twice"));
    assertTrue(
        refusal(good, volume("local", "lg", "logs", "", "1"))
            .startsWith(second + " has an option without a name"));
  }

  @Test
  void theFirstFreeSlotsAreForVolumesOfContainerInfo() {
    List<VolumeRequest> requests =
        VolumeRequests.parse(
            environment("DVDI_VOLUME_NAME0", "zero", "DVDI_VOLUME_NAME2", "two"),
            List.of(volume("local", "a", "a"), volume("local", "b", "b")),
            Asking.DEFAULT_DRIVER);

    assertEquals(
        Map.of("zero", "0", "two", "2", "a", "1", "b", "3"),
        Map.of(
            "zero", slot(requests, "zero"),
            "two", slot(requests, "two"),
            "a", slot(requests, "a"),
            "b", slot(requests, "b")));
  }

  @Test
  void eachVolumeOfContainerInfoHasASlot() {
    List<VolumeRequest> requests = ask(volumes(RequestRules.SLOTS));

    assertEquals(32, requests.size());
    assertEquals("", slot(requests, "v1"));
    assertEquals("31", slot(requests, "v32"));
  }

  @Test
  void aTaskMayHaveThirtyTwoVolumesInBothFormsTogether() {
    List<Map.Entry<String, String>> environment =
        environment("DVDI_VOLUME_NAME", "v1", "DVDI_VOLUME_DRIVER", "other");

    assertEquals(32, VolumeRequests.parse(environment, List.of(volumes(31)), "rexray").size());
    assertEquals(
        "the task requests 33 volumes; at most 32 are possible", message(environment, volumes(32)));
  }

  private static ContainerVolume[] volumes(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> volume("local", "v" + i, "path" + i))
        .toArray(ContainerVolume[]::new);
  }

  @Test
  void aVolumeInBothFormsIsOneRequest() {
    List<VolumeRequest> requests =
        VolumeRequests.parse(
            environment(
                "DVDI_VOLUME_NAME", "pg",
                "DVDI_VOLUME_DRIVER", "rexray",
                "DVDI_VOLUME_OPTS", "iops=150,size=100",
                "DVDI_VOLUME_CONTAINERPATH", "data"),
            List.of(volume("rexray", "pg", "data", "size", "100", "iops", "150")),
            Asking.DEFAULT_DRIVER);

    assertEquals(1, requests.size());
    assertEquals("DVDI_VOLUME_NAME", requests.get(0).field());
  }

  @Test
  void aVolumeInBothFormsThatDifferIsRefused() {
    List<Map.Entry<String, String>> environment =
        environment(
            "DVDI_VOLUME_NAME",
            "pg",
            "DVDI_VOLUME_OPTS",
            "a=1",
            "DVDI_VOLUME_CONTAINERPATH",
            "data");

    for (ContainerVolume other :
        List.of(
            volume("rexray", "pg", "elsewhere", "a", "1"),
            volume("rexray", "pg", "data", "a", "2"),
            volume("rexray", "pg", "data"),
            new ContainerVolume(
                Optional.of("rexray"),
                "pg",
                "data",
                environment("a", "1"),
                /* readOnly= */ true))) {
      String message = message(environment, other);
      assertTrue(message.startsWith("volume 'pg' (driver rexray) is requested twice"), message);
      assertTrue(message.contains("DVDI_VOLUME_NAME"), message);
      assertTrue(message.contains("volume 1 of the task's container"), message);
      assertTrue(message.endsWith("request it once"), message);
    }
  }

  @Test
  void aVolumeInTwoSlotsIsRefused() {
    String refusal =
        refusal(
            "DVDI_VOLUME_NAME",
            "pg",
            "DVDI_VOLUME_CONTAINERPATH",
            "a",
            "DVDI_VOLUME_NAME7",
            "pg",
            "DVDI_VOLUME_CONTAINERPATH7",
            "b");

    assertTrue(refusal.contains("DVDI_VOLUME_NAME and by DVDI_VOLUME_NAME7"), refusal);
  }

  @Test
  void oneNameOfTwoDriversIsTwoVolumes() {
    assertEquals(2, ask(volume("local", "pg", "a"), volume("rexray", "pg", "b")).size());
    assertEquals(2, ask("DVDI_VOLUME_NAME", "Data", "DVDI_VOLUME_NAME1", "data").size());
  }

  @Test
  void twoVolumesAtOneContainerPathAreRefused() {
    String refusal =
        refusal(
            "DVDI_VOLUME_NAME",
            "a",
            "DVDI_VOLUME_CONTAINERPATH",
            "/var//data/",
            "DVDI_VOLUME_NAME1",
            "b",
            "DVDI_VOLUME_CONTAINERPATH1",
            "/var/data");

    assertTrue(
        refusal.startsWith("DVDI_VOLUME_NAME and DVDI_VOLUME_NAME1 have the same container path"),
        refusal);
    assertTrue(refusal.contains("/var/data"), refusal);
  }

  @Test
  void volumesWithoutAContainerPathDoNotCollide() {
    assertEquals(2, ask("DVDI_VOLUME_NAME", "a", "DVDI_VOLUME_NAME1", "b").size());
  }

  private static String slot(List<VolumeRequest> requests, String name) {
    return requests.stream()
        .filter(request -> request.id().name().equals(name))
        .findFirst()
        .orElseThrow()
        .slot()
        .orElseThrow();
  }
}
