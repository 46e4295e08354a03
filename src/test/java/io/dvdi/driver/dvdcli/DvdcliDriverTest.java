// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.dvdcli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.testing.Eventually;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  private static Told exists(String path) {
    return new Told(
        Existence.EXISTS,
        Optional.empty(),
        Optional.of(path).filter(text -> !text.isEmpty()),
        false,
        Optional.empty(),
        "");
  }

  @Test
  void aVolumeThatExistsIsToldWithItsPath() throws Exception {
    dvdcli.has("data");

    assertEquals(exists("/mnt/data"), ask());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mnt/data", "/mnt/../etc"})
  void aPathThatIsEmptyOrNotAbsoluteIsNone(String path) throws Exception {
    dvdcli.has("data");
    dvdcli.mountsAt(path);

    assertEquals(exists(""), ask());
  }

  @Test
  void aVolumeThatAWholeListDoesNotHaveIsAbsent() throws Exception {
    dvdcli.has("other");

    assertEquals(
        new Told(Existence.ABSENT, Optional.empty(), Optional.empty(), false, Optional.empty(), ""),
        ask());
  }

  @Test
  void aVolumeIsNotAbsentWhenGetFailsForAMoment() throws Exception {
    dvdcli.has("data");
    dvdcli.getFails();

    assertEquals(exists(""), ask());
  }

  @Test
  void aVolumeIsNotAbsentWhenListFails() throws Exception {
    dvdcli.listFails();

    Told told = ask();

    assertTrue(told.answered());
    assertEquals(Existence.UNKNOWN, told.existence());
    assertTrue(told.words().contains("`dvdcli list` failed (exit status 1): "), told.words());
  }

  @Test
  void aPluginThatIsNoVolumeDriverHasNotAnswered() throws Exception {
    dvdcli.pluginIsNoVolumeDriver();

    Told told = ask();

    assertFalse(told.answered());
    assertTrue(
        told.words().contains("Plugin does not implement the requested driver"), told.words());
  }

  @Test
  void aVolumeIsCreatedWithItsOptions() throws Exception {
    assertEquals(new Succeeded(), create(Map.of("size", "5", "type", "")));

    assertEquals(List.of("Create"), dvdcli.changes());
    assertEquals(Existence.EXISTS, ask().existence());
  }

  @Test
  void aVolumeIsMounted() throws Exception {
    dvdcli.has("data");

    assertEquals(new Succeeded("/mnt/data", false), mount());
    assertEquals(List.of("Mount"), dvdcli.changes());
  }

  @Test
  void mountCreatesNothing() throws Exception {
    assertTrue(failed(mount()).contains("volume not found"));
    assertEquals(List.of(), dvdcli.changes());
  }

  @Test
  void createCanDestroyDataSoMountDoesNotCreateWhenGetFailsForAMoment() throws Exception {
    dvdcli.has("data");
    dvdcli.getFails();

    failed(mount());

    assertEquals(List.of(), dvdcli.changes());
  }

  @Test
  void aPluginsErrorIsShown() throws Exception {
    dvdcli.has("data");
    dvdcli.mountFails("lease is held by host-2");

    String words = failed(mount());

    assertTrue(words.startsWith("`dvdcli mount` failed (exit status 1): "), words);
    assertTrue(words.contains("VolumeDriver.Mount: lease is held by host-2"), words);
  }

  @Test
  void secretsInItsWordsAreMasked() throws Exception {
    Options options = Options.of(Map.of("password", "hunter2-hunter2"));
    dvdcli.has("data");
    dvdcli.mountFails("no user with hunter2-hunter2");
    dvdcli.unmountFails("mount -o pass=hunter2-hunter2 is busy");

    assertTrue(failed(mount(options)).contains("no user with ***"));
    assertTrue(failed(unmount(options)).contains("mount -o pass=*** is busy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mnt/data", "/mnt/../etc"})
  void aSuccessWithoutAnAbsolutePathIsOneWithoutAPath(String mountpoint) throws Exception {
    dvdcli.has("data");
    dvdcli.mountsAt(mountpoint);

    assertEquals(new Succeeded("", false), mount());
    assertTrue(log.toString().contains("instead of one absolute path"), log::toString);
    assertEquals(List.of("Mount"), dvdcli.changes());
  }

  @Test
  void aMountIsListenedToUntilItsEnd() throws Exception {
    dvdcli.has("data");
    dvdcli.mountHangs();
    CompletableFuture<CallEnd> end = CompletableFuture.supplyAsync(this::mount);
    Eventually.holds("Mount is sent", () -> dvdcli.changes().equals(List.of("Mount")));

    assertThrows(TimeoutException.class, () -> end.get(5, TimeUnit.SECONDS));
    dvdcli.hangingEnds();

    cutOff(end.get(30, TimeUnit.SECONDS));
  }

  @Test
  void anInterruptEndsAMountThatWasSent() throws Exception {
    dvdcli.has("data");
    dvdcli.mountHangs();
    CompletableFuture<CallEnd> end = new CompletableFuture<>();
    Thread caller = new Thread(() -> end.complete(mount()));
    caller.start();
    Eventually.holds("Mount is sent", () -> dvdcli.changes().equals(List.of("Mount")));
    caller.interrupt();

    assertEquals("the module is closing", cutOff(end.get(10, TimeUnit.SECONDS)));
  }

  @Test
  void anInterruptBeforeThatRunsNothing() throws Exception {
    dvdcli.has("data");
    Thread.currentThread().interrupt();

    CallEnd end = mount();

    assertTrue(Thread.interrupted(), "the thread stays interrupted");
    assertEquals("the module is closing", notSent(end));
    assertEquals(List.of(), dvdcli.changes());
  }

  @Test
  void aVolumeIsUnmounted() throws Exception {
    dvdcli.has("data");

    assertEquals(new Succeeded(), unmount());

    assertEquals(List.of("Unmount"), dvdcli.changes());
  }

  @Test
  void unmountErrorsArePassedOn() throws Exception {
    dvdcli.has("data");
    dvdcli.unmountFails("device is busy");

    assertTrue(failed(unmount()).contains("VolumeDriver.Unmount: device is busy"));
  }

  @Test
  void itsVersionIsLoggedOnce() throws Exception {
    dvdcli.has("data");

    ask();
    mount();
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
    String late = notSent(create(Map.of(name, value)));
    assertTrue(late.contains("the option '" + name + "'"), late);
    assertEquals(List.of(), dvdcli.changes());
  }
}
