// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static io.dvdi.volume.Asking.ask;
import static io.dvdi.volume.Asking.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentVolumesTest {
  @Test
  void aTaskWithoutTheVariablesAsksForNothing() {
    assertEquals(List.of(), ask(new String[0]));
    assertEquals(List.of(), ask("PATH", "/bin", "MY_DVDI_VOLUME_NAME", "pg", "DVDI_VOLUMES", "x"));
  }

  @Test
  void allVariablesOfASlotMakeOneRequest() {
    List<VolumeRequest> requests =
        ask(
            "DVDI_VOLUME_OPTS3", "size=5,newfstype=xfs",
            "DVDI_VOLUME_NAME3", "pg",
            "DVDI_VOLUME_CONTAINERPATH3", "/var/lib/pg",
            "DVDI_VOLUME_DRIVER3", "rexray/ebs:latest",
            "DVDI_VOLUME_EXPLICITCREATE3", "true");

    assertEquals(1, requests.size());
    VolumeRequest request = requests.get(0);
    assertEquals(new VolumeId("rexray/ebs:latest", "pg"), request.id());
    assertEquals("5", request.options().values().get("size"));
    assertEquals("xfs", request.options().values().get("newfstype"));
    assertEquals("/var/lib/pg", request.containerPath().orElseThrow().toString());
    assertTrue(request.mustExist());
    assertEquals(Optional.of("3"), request.slot());
    assertEquals("DVDI_VOLUME_NAME3", request.field());
  }

  @Test
  void aNameAloneIsEnough() {
    assertEquals(
        List.of(
            new VolumeRequest(
                new VolumeId(Asking.DEFAULT_DRIVER, "pg"),
                Options.NONE,
                Optional.empty(),
                false,
                false,
                new VolumeRequest.Origin("DVDI_VOLUME_NAME", Optional.of(""), Optional.empty()))),
        ask("DVDI_VOLUME_NAME", "pg"));
  }

  @Test
  void anEmptyDriverIsTheDefaultOne() {
    assertEquals(
        Asking.DEFAULT_DRIVER,
        ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_DRIVER", "").get(0).id().driver());
  }

  @Test
  void aMissingDigitIsZero() {
    List<VolumeRequest> requests =
        ask("DVDI_VOLUME_NAME0", "pg", "DVDI_VOLUME_DRIVER", "local", "DVDI_VOLUME_OPTS", "size=1");

    assertEquals(1, requests.size());
    assertEquals(new VolumeId("local", "pg"), requests.get(0).id());
    assertEquals(Optional.of("1"), requests.get(0).options().get("size"));
    assertEquals(Optional.of("0"), requests.get(0).slot(), "the task reads the suffix it wrote");
  }

  @Test
  void tenVolumesAreServedInTheOrderOfTheirSlots() {
    List<String> environment = new ArrayList<>();
    for (int slot = 9; slot >= 0; slot--) {
      environment.addAll(List.of("DVDI_VOLUME_NAME" + slot, "volume" + slot));
    }

    assertEquals(
        IntStream.range(0, 10).mapToObj(slot -> "volume" + slot).toList(),
        ask(environment.toArray(String[]::new)).stream().map(r -> r.id().name()).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DVDI_VOLUME_NAME32",
        "DVDI_VOLUME_NAMESPACE",
        "DVDI_VOLUME_NAME_1",
        "DVDI_VOLUME_NAMEa",
        "DVDI_VOLUME_NAME-1",
        "DVDI_VOLUME_NAME00",
        "DVDI_VOLUME_NAME ",
        "DVDI_VOLUME_NAME\n",
        "DVDI_VOLUME_NAME٣",
        "DVDI_VOLUME_DRIVER32",
        "DVDI_VOLUME_DRIVERS",
        "DVDI_VOLUME_OPTS32",
        "DVDI_VOLUME_OPTS_",
        "DVDI_VOLUME_CONTAINERPATHS",
        "DVDI_VOLUME_CONTAINERPATH100",
        "DVDI_VOLUME_EXPLICITCREATED",
        "DVDI_VOLUME_DVDCLI99",
        "DVDI_VOLUME_MOUNTPOINT32"
      })
  void anUnknownSuffixIsRefused(String variable) {
    String refusal = refusal("DVDI_VOLUME_NAME", "pg", variable, "x");

    assertTrue(refusal.contains(variable.strip()), refusal);
    assertTrue(refusal.contains("can be followed by a number from 0 to 31"), refusal);
    assertEquals(1, refusal.lines().count(), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NAME", "DRIVER", "OPTS", "CONTAINERPATH", "EXPLICITCREATE"})
  void theSameSlotTwiceWithDifferentValuesIsRefused(String variable) {
    String bare = "DVDI_VOLUME_" + variable;

    String refusal = refusal(bare, "one", bare + "0", "two");

    assertTrue(refusal.contains(bare + " and " + bare + "0 "), refusal);
    assertTrue(refusal.contains("remove one"), refusal);
  }

  @Test
  void theSameSlotTwiceWithOneValueIsNoContradiction() {
    assertEquals(1, ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_NAME0", "pg").size());
    assertEquals(1, ask("DVDI_VOLUME_NAME4", "pg", "DVDI_VOLUME_NAME4", "pg").size());
  }

  @Test
  void aVariableThatIsSetTwiceWithDifferentValuesIsRefused() {
    assertTrue(
        refusal("DVDI_VOLUME_NAME4", "one", "DVDI_VOLUME_NAME4", "two")
            .contains("DVDI_VOLUME_NAME4"));
  }

  @Test
  void anEmptyNameIsRefused() {
    String refusal = refusal("DVDI_VOLUME_NAME2", "");

    assertTrue(refusal.contains("DVDI_VOLUME_NAME2 is empty"), refusal);
    assertTrue(refusal.contains("remove"), refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "DVDI_VOLUME_DRIVER, DVDI_VOLUME_NAME",
    "DVDI_VOLUME_DRIVER0, DVDI_VOLUME_NAME0",
    "DVDI_VOLUME_OPTS7, DVDI_VOLUME_NAME7",
    "DVDI_VOLUME_CONTAINERPATH7, DVDI_VOLUME_NAME7",
    "DVDI_VOLUME_EXPLICITCREATE9, DVDI_VOLUME_NAME9",
    "DVDI_VOLUME_DVDCLI1, DVDI_VOLUME_NAME1"
  })
  void aSlotWithoutANameIsRefused(String variable, String missing) {
    String refusal = refusal(variable, "x=y");

    assertTrue(refusal.startsWith(variable + " is set, but " + missing + " is not"), refusal);
    assertTrue(refusal.endsWith("remove " + variable), refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true",
    "TRUE, true",
    "' True ', true",
    "false, false",
    "FALSE, false",
    "'', false",
    "' ', false"
  })
  void explicitCreateMeansThatTheVolumeMustExist(String value, boolean expected) {
    assertEquals(
        expected,
        ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_EXPLICITCREATE", value).get(0).mustExist());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "1", "tru", "truee"})
  void explicitCreateTakesNothingButTrueAndFalse(String value) {
    String refusal = refusal("DVDI_VOLUME_NAME5", "pg", "DVDI_VOLUME_EXPLICITCREATE5", value);

    assertTrue(refusal.contains("DVDI_VOLUME_EXPLICITCREATE5 is '" + value + "'"), refusal);
    assertTrue(refusal.contains("true or false"), refusal);
  }

  @Test
  void theProgramThatATaskNamesIsPassedOnForTheOperatorToJudge() {
    assertEquals(
        Optional.of("/bin/sh"),
        ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_DVDCLI", "/bin/sh").get(0).origin().dvdcli());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DVDI_VOLUME_MOUNTPOINT", "DVDI_VOLUME_MOUNTPOINT4"})
  void aTaskCannotSetWhatTheModuleTellsIt(String variable) {
    String refusal = refusal("DVDI_VOLUME_NAME", "pg", variable, "/mnt");

    assertTrue(refusal.contains(variable + " is set by this module"), refusal);
    assertTrue(refusal.contains("remove it"), refusal);
  }

  @Test
  void oneBadSlotRefusesTheWholeTask() {
    assertTrue(
        refusal("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_NAME1", "logs", "DVDI_VOLUME_OPTS1", "size")
            .contains("DVDI_VOLUME_OPTS1"));
  }

  @Test
  void aDriverNameThatIsNoneIsRefusedByItsVariable() {
    String refusal = refusal("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_DRIVER", "../evil");

    assertTrue(refusal.startsWith("DVDI_VOLUME_DRIVER '../evil' is not a driver's name"), refusal);
  }

  @Test
  void aDefaultDriverThatIsNoneIsTheOperatorsToCorrect() {
    String refusal =
        String.valueOf(
            assertThrows(
                    InvalidRequestException.class,
                    () ->
                        VolumeRequests.parse(
                            Asking.environment("DVDI_VOLUME_NAME", "pg"), List.of(), "no driver"))
                .getMessage());

    assertTrue(refusal.startsWith("the module's default_driver 'no driver'"), refusal);
  }
}
