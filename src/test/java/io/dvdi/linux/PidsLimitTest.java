// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PidsLimitTest {
  private static final String UNIT = "system.slice/mesos-agent.service";
  private static final List<String> VERSION_1 =
      List.of("9:name=systemd:/" + UNIT, "8:memory:/mesos", "7:cpu,cpuacct:/", "6:pids:/" + UNIT);
  private static final List<String> VERSION_2 = List.of("0::/" + UNIT);

  @TempDir Path hierarchies;

  private void cgroup(String path, String max, String current) throws IOException {
    Path folder = Files.createDirectories(hierarchies.resolve(path));
    Files.writeString(folder.resolve("pids.max"), max + "\n");
    Files.writeString(folder.resolve("pids.current"), current + "\n");
  }

  private Optional<PidsLimit> tightest(List<String> lines) {
    return PidsLimit.tightest(lines, hierarchies);
  }

  @Test
  void inVersion1ItIsThatOfThePidsHierarchy() throws IOException {
    cgroup("pids/" + UNIT, "4915", "40");
    cgroup(UNIT, "1", "1");
    assertEquals(Optional.of(new PidsLimit("/" + UNIT, 4915, 40)), tightest(VERSION_1));
  }

  @Test
  void inVersion2ItIsThatOfTheOnlyHierarchy() throws IOException {
    cgroup(UNIT, "4915", "40");
    assertEquals(Optional.of(new PidsLimit("/" + UNIT, 4915, 40)), tightest(VERSION_2));
  }

  @Test
  void ifBothVersionsAreMountedItIsThatOfTheOneWithTheController() throws IOException {
    cgroup("pids/" + UNIT, "4915", "40");
    cgroup("unified/" + UNIT, "1", "1");
    assertEquals(
        Optional.of(new PidsLimit("/" + UNIT, 4915, 40)),
        tightest(List.of("6:pids:/" + UNIT, "0::/" + UNIT)));
  }

  @Test
  void aCgroupWithoutALimitHasNone() throws IOException {
    cgroup(UNIT, "max", "40");
    assertEquals(Optional.empty(), tightest(VERSION_2));
  }

  @Test
  void theLimitOfACgroupAboveCounts() throws IOException {
    cgroup(UNIT, "max", "40");
    cgroup("system.slice", "500", "450");
    assertEquals(Optional.of(new PidsLimit("/system.slice", 500, 450)), tightest(VERSION_2));
  }

  @Test
  void theOneThatLeavesTheLeastRoomCounts() throws IOException {
    cgroup(UNIT, "100", "40");
    cgroup("system.slice", "500", "450");
    assertEquals(50, tightest(VERSION_2).orElseThrow().room());
    cgroup(UNIT, "60", "40");
    assertEquals(20, tightest(VERSION_2).orElseThrow().room());
  }

  @Test
  void aLimitThatWasLoweredLeavesNoRoom() throws IOException {
    cgroup(UNIT, "10", "40");
    assertEquals(0, tightest(VERSION_2).orElseThrow().room());
  }

  /** A container has its cgroup where the host has the root. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/docker/0123", "/../0123"})
  void inAContainerTheUppermostFolderCounts(String path) throws IOException {
    cgroup("pids", "200", "3");
    assertEquals(197, tightest(List.of("6:pids:" + path)).orElseThrow().room());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0::", "0::relative", "1:name=systemd:/x", "no cgroup", "6:pids"})
  void whatIsNoCgroupHasNoLimit(String line) {
    assertEquals(Optional.empty(), tightest(List.of(line)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "many", "99999999999999999999"})
  void whatIsNoNumberIsNoLimit(String max) throws IOException {
    cgroup(UNIT, max, "40");
    assertEquals(Optional.empty(), tightest(VERSION_2));
  }

  /** Whatever this machine has, it can be asked for. */
  @Test
  void theLimitOfThisProcessIsNoMistake() {
    PidsLimit.tightest().ifPresent(limit -> assertTrue(limit.room() <= limit.max()));
  }
}
