// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the real dvdcli where there is one, else with a script that does as it does. */
class DvdcliDriverTest extends DvdcliFixture {
  @TempDir Path folder;
  private Dvdcli dvdcli;

  @BeforeAll
  static void sayWhich() {
    System.out.println(
        "dvdcli is "
            + Dvdcli.installed()
                .map(program -> "the real one at " + program)
                .orElse("a script that does as it does"));
  }

  @BeforeEach
  void start() throws Exception {
    dvdcli = Dvdcli.in(folder);
    drive(dvdcli.program());
  }

  @AfterEach
  void stop() throws Exception {
    dvdcli.close();
  }

  @Test
  void anExistingVolumeIsMounted() throws Exception {
    dvdcli.has("data");

    assertEquals(Path.of("/mnt/data"), mount(Map.of()));
    assertEquals(List.of("Mount"), dvdcli.changes());
  }

  @Test
  void aNewVolumeIsCreated() throws Exception {
    dvdcli.has("other");

    assertEquals(Path.of("/mnt/data"), mount(Map.of("size", "5", "type", "")));
    assertEquals(List.of("Create", "Mount"), dvdcli.changes());
  }

  @Test
  void aVolumeThatMustExistIsNotCreated() throws Exception {
    DriverException e =
        assertThrows(DriverException.class, () -> mount(Map.of(), true, Duration.ofSeconds(20)));

    assertTrue(e.toString().contains("volume not found"), e.toString());
    assertEquals(List.of(), dvdcli.changes());
  }

  @Test
  void createCanDestroyDataSoItIsNotCalledWhenGetFailsForAMoment() throws Exception {
    dvdcli.has("data");
    dvdcli.getFails();

    assertThrows(DriverException.class, () -> mount(Map.of("size", "5")));

    assertEquals(List.of(), dvdcli.changes());
  }

  @Test
  void createIsNotCalledWhenListFails() throws Exception {
    dvdcli.listFails();

    assertTrue(mountFails().toString().contains("because `dvdcli list` fails too"));
    assertEquals(List.of(), dvdcli.changes());
  }

  @Test
  void aPluginsErrorIsShown() throws Exception {
    dvdcli.has("data");
    dvdcli.mountFails("lease is held by host-2");

    DriverException e = mountFails();

    assertTrue(e.toString().contains("`dvdcli mount` failed (exit status 1): "), e.toString());
    assertTrue(e.toString().contains("VolumeDriver.Mount: lease is held by host-2"), e.toString());
    assertFalse(e.isUncertain());
  }

  @Test
  void secretsInItsWordsAreMasked() throws Exception {
    dvdcli.mountFails("no user with hunter2-hunter2");

    DriverException e =
        assertThrows(DriverException.class, () -> mount(Map.of("password", "hunter2-hunter2")));

    assertTrue(e.toString().contains("no user with ***"), e.toString());
  }

  @Test
  void secretsInTheWordsOfAnUnmountAreMasked() throws Exception {
    dvdcli.has("data");
    dvdcli.unmountFails("mount -o pass=hunter2-hunter2 is busy");

    DriverException e =
        assertThrows(
            DriverException.class, () -> unmount(Options.of(Map.of("pass", "hunter2-hunter2"))));

    assertTrue(e.toString().contains("mount -o pass=*** is busy"), e.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mnt/data", "/mnt/../etc"})
  void aMountpointThatIsEmptyOrNotAbsoluteIsAFailureAndIsTakenBack(String mountpoint)
      throws Exception {
    dvdcli.has("data");
    dvdcli.mountsAt(mountpoint);

    DriverException e = mountFails();

    assertTrue(e.toString().contains("ended with status 0"), e.toString());
    assertEquals(List.of("Mount", "Unmount"), dvdcli.changes());
    assertFalse(e.isUncertain());
  }

  @Test
  void aHangingMountEndsAtTheDeadline() throws Exception {
    dvdcli.has("data");
    dvdcli.mountHangs();

    DriverException e =
        assertThrows(DriverException.class, () -> mount(Map.of(), true, Duration.ofSeconds(3)));

    assertTrue(e.isUncertain());
    if (dvdcli instanceof ScriptedDvdcli script) {
      // A killed child may wait for a moment to be reaped.
      ProcessHandle.of(script.child()).ifPresent(child -> child.onExit().join());
    }
  }

  @Test
  void aVolumeIsUnmounted() throws Exception {
    dvdcli.has("data");

    unmount();

    assertEquals(List.of("Unmount"), dvdcli.changes());
  }

  @Test
  void unmountErrorsArePassedOn() throws Exception {
    dvdcli.has("data");
    dvdcli.unmountFails("device is busy");

    DriverException e = assertThrows(DriverException.class, this::unmount);

    assertTrue(e.toString().contains("VolumeDriver.Unmount: device is busy"), e.toString());
    assertFalse(e.isUncertain());
  }

  @Test
  void itsVersionIsLoggedOnce() throws Exception {
    dvdcli.has("data");

    mount(Map.of());
    unmount();

    assertEquals(1, log.size(), log::toString);
    assertTrue(
        log.get(0).matches("uses dvdcli (0\\.2\\.1|of an unknown version|[0-9].*) at .*"),
        log.get(0));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"address,\"a,b\"", "query,a=b", "\"a,b\",c", "a=b,c"})
  void optionsThatItWouldCutAreRefusedBeforeAnythingRuns(String name, String value)
      throws Exception {
    Options options = Options.of(Map.of(name, value));

    InvalidRequestException e =
        assertThrows(InvalidRequestException.class, () -> driver.check(DATA, options));

    assertTrue(e.toString().contains("the option '" + name + "'"), e.toString());
    assertFalse(e.toString().contains(value + "'"), e.toString());
    DriverException late =
        assertThrows(DriverException.class, () -> mount(Map.of(name, value)), "as of a driver");
    assertFalse(late.isUncertain());
    assertTrue(late.toString().contains("the option '" + name + "'"), late.toString());
    assertEquals(List.of(), dvdcli.changes());
  }
}
