// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names that differ in upper and lower case only, with name_case as ignore and after changing it.
 */
class NameCaseTest {
  private static final Compatibility EXACT = Compatibility.NONE;
  private static final Compatibility IGNORE = new Compatibility(false, true);

  @TempDir Path folder;
  IsolatorFixture host;

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
    restart(IGNORE);
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
  }

  private void restart(Compatibility compatibility, String... alive) {
    host.compatibility = compatibility;
    host.restart(alive);
  }

  @Test
  void theDriverIsToldTheFirstUsersSpellingAlsoAtTheEnd() {
    host.prepare("c1", "Data");
    assertEquals(
        Map.of("DVDI_VOLUME_MOUNTPOINT0", host.driver.path("Data").toString()),
        host.prepare("c2", "data").environment());
    host.cleanup("c1");
    host.cleanup("c2");
    assertEquals(List.of("mount Data", "unmount Data"), host.driver.calls);
    assertEquals(0, host.recordCount());
  }

  @Test
  void whoComesAfterTheLastIsTheFirstAgain() {
    host.prepare("c1", "Data");
    host.cleanup("c1");
    host.prepare("c2", "data");
    assertEquals(List.of("mount Data", "unmount Data", "mount data"), host.driver.calls);
  }

  @Test
  void aVolumeThatIsStillMountedIsTakenUpUnderTheOtherSpelling() {
    host.driver.insteadOfUnmount(
        "Data",
        () -> {
          throw io.dvdi.driver.DriverException.failed("busy");
        });
    host.prepare("c1", "Data");
    host.cleanup("c1");
    host.prepare("c2", "data");
    assertEquals(List.of("Data"), host.mounts());
    host.driver.insteadOfUnmount("Data", null);
    host.cleanup("c2");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @Test
  void oneTaskThatWritesBothAsksForOneVolumeTwice() {
    String failure =
        host.prepareFails(
            host.container(
                "c1",
                List.of(
                    Map.entry("DVDI_VOLUME_NAME", "Data"),
                    Map.entry("DVDI_VOLUME_NAME1", "data"),
                    Map.entry("DVDI_VOLUME_OPTS1", "a=1"))));
    assertTrue(failure.contains("is asked for twice"), failure);
  }

  @Test
  void anAgentThatIgnoresCaseNowLetsOthersJoinWhatIsInUse() {
    restart(EXACT);
    host.prepare("c1", "Data");
    restart(IGNORE, "c1");
    host.prepare("c2", "data");
    restart(IGNORE, "c1", "c2");
    host.cleanup("c1");
    assertEquals(List.of("Data"), host.mounts());
    host.cleanup("c2");
    assertEquals(List.of("mount Data", "unmount Data"), host.driver.calls);
    assertEquals(0, host.recordCount());
  }

  @Test
  void whatAnEarlierAgentToldApartStaysApart() {
    restart(EXACT);
    host.prepare("c1", "Data");
    host.prepare("c2", "data");
    restart(IGNORE, "c1", "c2");
    assertTrue(
        host.log.stream()
            .anyMatch(
                line ->
                    line.startsWith("WARNING")
                        && line.contains("'Data'")
                        && line.contains("'data'")
                        && line.contains("stay two volumes")),
        host.log.toString());
    assertEquals(List.of("Data", "data"), host.mounts());
    // Each new user gets the one that it writes.
    assertEquals(
        host.driver.path("data").toString(),
        host.prepare("c3", "data").environment().get("DVDI_VOLUME_MOUNTPOINT0"));
    host.cleanup("c1");
    host.cleanup("c2");
    assertEquals(List.of("data"), host.mounts());
    host.cleanup("c3");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
    restart(IGNORE);
    host.prepare("c4", "Data");
    host.prepare("c5", "data");
    assertEquals(List.of("Data"), host.mounts());
  }

  @Test
  void recordsOfAnotherBootDoNotKeepVolumesApart() throws IOException {
    restart(EXACT);
    host.prepare("c1", "Data");
    host.prepare("c2", "data");
    io.dvdi.linux.MountCalls.unmount(host.driver.path("Data"));
    io.dvdi.linux.MountCalls.unmount(host.driver.path("data"));
    host.compatibility = IGNORE;
    host.restartAfterBoot("next-boot");
    assertEquals(0, host.recordCount());
    host.prepare("c3", "Data");
    host.prepare("c4", "data");
    assertEquals(List.of("Data"), host.mounts());
  }

  @Test
  void whatAnEarlierAgentHadAsOneStaysOneForItsUsers() {
    host.prepare("c1", "Data");
    host.prepare("c2", "data");
    restart(EXACT, "c1", "c2");
    assertEquals(
        host.driver.path("data").toString(),
        host.prepare("c3", "data").environment().get("DVDI_VOLUME_MOUNTPOINT0"));
    host.cleanup("c1");
    assertEquals(List.of("Data", "data"), host.mounts());
    host.cleanup("c2");
    host.cleanup("c3");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }
}
