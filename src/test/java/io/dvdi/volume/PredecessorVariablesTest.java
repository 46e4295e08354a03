// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import static io.dvdi.volume.Asking.ask;
import static io.dvdi.volume.Asking.environment;
import static io.dvdi.volume.Asking.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of mesos-module-dvdi for a task's variables, one test each: kept, or what has become of
 * them and which parameter brings them back. docs/from-mesos-module-dvdi.md says the same in words.
 */
class PredecessorVariablesTest {
  /** task_variables is lenient. */
  private static List<VolumeRequest> leniently(String... namesAndValues) {
    return asked(true, UnaryOperator.identity(), namesAndValues);
  }

  private static List<VolumeRequest> asked(
      boolean lenient, UnaryOperator<VolumeId> identity, String... namesAndValues) {
    return VolumeRequests.parse(
        environment(namesAndValues),
        List.of(),
        new RequestRules(Asking.DEFAULT_DRIVER, lenient, identity));
  }

  private static List<String> names(List<VolumeRequest> requests) {
    return requests.stream().map(request -> request.id().name()).toList();
  }

  // The variables and their defaults.

  @Test
  void nameIsTheOnlyVariableThatATaskNeeds() {
    VolumeRequest request = ask("DVDI_VOLUME_NAME", "pg").get(0);
    assertEquals(new VolumeId("rexray", "pg"), request.id());
    assertEquals(Options.NONE, request.options());
    assertEquals(Optional.empty(), request.containerPath());
    assertFalse(request.mustExist());
    assertEquals(Optional.empty(), request.origin().dvdcli());
  }

  @Test
  void driverIsRexrayWhenMissingOrEmpty() {
    assertEquals("rexray", ask("DVDI_VOLUME_NAME", "pg").get(0).id().driver());
    assertEquals(
        "rexray", ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_DRIVER", "").get(0).id().driver());
  }

  @Test
  void optsIsACommaListWhoseEmptyItemsAreDropped() {
    assertEquals(
        "{size=5, iops=150, newfstype=xfs}",
        ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_OPTS", ",size=5,,iops=150,newfstype=xfs,")
            .get(0)
            .options()
            .values()
            .toString());
  }

  @Test
  void optsMayHoldPathsAndServersNow() {
    assertEquals(
        Optional.of("nas:/export/a b"),
        ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_OPTS", "device=nas:/export/a b")
            .get(0)
            .options()
            .get("device"));
  }

  @ParameterizedTest
  @CsvSource({"true,true", "' TRUE ',true", "True,true", "false,false", "'',false"})
  void explicitcreateIsTrimmedAndTakenInAnyCase(String value, boolean mustExist) {
    assertEquals(
        mustExist,
        ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_EXPLICITCREATE", value).get(0).mustExist());
  }

  @Test
  void explicitcreateOfAnotherValueIsFalseWhereLenient() {
    assertTrue(
        refusal("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_EXPLICITCREATE", "yes")
            .contains("write true or false"));
    assertFalse(
        leniently("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_EXPLICITCREATE", "yes")
            .get(0)
            .mustExist());
  }

  @Test
  void dvdcliIsHandedOnForTheOperatorToAllow() {
    assertEquals(
        Optional.of("/opt/dvdcli"),
        ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_DVDCLI", "/opt/dvdcli")
            .get(0)
            .origin()
            .dvdcli());
  }

  @Test
  void containerpathMayBeRelativeNow() {
    assertEquals(
        "data",
        ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_CONTAINERPATH", "data")
            .get(0)
            .containerPath()
            .orElseThrow()
            .toString());
  }

  @Test
  void volsJsonArrayIsReadByNobody() {
    assertEquals(List.of(), ask("DVDI_VOLS_JSON_ARRAY", "[{\"name\":\"pg\"}]"));
  }

  // Slots.

  @Test
  void theBareNameIsSlotZero() {
    assertEquals(
        new VolumeId("local", "pg"),
        ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_DRIVER0", "local").get(0).id());
  }

  @Test
  void ofTheBareNameAndZeroTheLastOneCountsWhereLenient() {
    String[] both = {"DVDI_VOLUME_NAME0", "first", "DVDI_VOLUME_NAME", "last"};
    assertTrue(refusal(both).contains("are the same variable with different values"));
    assertEquals(List.of("last"), names(leniently(both)));
    assertEquals(1, ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_NAME0", "pg").size());
  }

  @Test
  void tenSlotsAreServedInTheirOrder() {
    assertEquals(
        List.of("zero", "one", "nine"),
        names(
            ask(
                "DVDI_VOLUME_NAME9", "nine",
                "DVDI_VOLUME_NAME1", "one",
                "DVDI_VOLUME_NAME", "zero")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DVDI_VOLUME_NAME32",
        "DVDI_VOLUME_NAME01",
        "DVDI_VOLUME_NAMESPACE",
        "DVDI_VOLUME_OPTS_1"
      })
  void whatGoesOnOtherwiseAfterAVariableFailsTheTaskAlsoWhereLenient(String variable) {
    assertTrue(refusal(variable, "x").contains("'" + variable + "' is not a variable"));
    assertThrows(InvalidRequestException.class, () -> leniently(variable, "x"));
  }

  @Test
  void slotsFromTenOnAreServedToo() {
    List<VolumeRequest> requests =
        ask(
            "DVDI_VOLUME_NAME", "first",
            "DVDI_VOLUME_NAME31", "last",
            "DVDI_VOLUME_NAME10", "eleventh");
    assertEquals(List.of("first", "eleventh", "last"), names(requests));
    assertEquals(Optional.of("10"), requests.get(1).slot());
    assertEquals(Optional.of("31"), requests.get(2).slot());
  }

  // What asks for nothing.

  @Test
  void anEmptyNameSkipsItsSlotWhereLenient() {
    String[] empty = {"DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_NAME1", "", "DVDI_VOLUME_OPTS1", "a"};
    assertTrue(refusal(empty).contains("DVDI_VOLUME"));
    assertEquals(List.of("pg"), names(leniently(empty)));
  }

  @Test
  void aSlotWithoutANameIsPassedOverWhereLenient() {
    // As when DVDI_VOLUME_DRIVER is in the environment of all of an agent's executors.
    assertTrue(refusal("DVDI_VOLUME_DRIVER", "rexray").contains("DVDI_VOLUME_NAME is not"));
    assertEquals(List.of(), leniently("DVDI_VOLUME_DRIVER", "rexray"));
  }

  @Test
  void anUnknownVariableIsPassedOverWhereLenient() {
    assertTrue(refusal("DVDI_VOLUME_SIZE", "5").contains("is not a variable of this module"));
    assertEquals(List.of(), leniently("DVDI_VOLUME_SIZE", "5"));
  }

  // Characters.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%", "/", ":", ";", "<", ">", "|", "`", "$", "'", "?", "^", "&", " ", "{", "\"", "}", "[",
        "]", "\\"
      })
  void prohibitedCharactersAreAllowedNowSinceNoShellReadsThem(String character) {
    String name = "a" + character + "b";
    assertEquals(List.of(name), names(ask("DVDI_VOLUME_NAME", name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\n", "\t", "\u000b", "\b", "\r"})
  void controlCharactersAreProhibitedAsEver(String character) {
    String value = "k=a" + character + "b";
    assertTrue(refusal("DVDI_VOLUME_NAME", value).contains("control character"));
    for (String variable : List.of("DRIVER", "CONTAINERPATH", "OPTS")) {
      assertTrue(
          refusal("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_" + variable, value)
              .contains("control character"),
          variable);
    }
  }

  @Test
  void theOtherCharactersAreLegalInNamesAsEver() {
    String name = "=,.-_@#!~()*+";
    assertEquals(List.of(name), names(ask("DVDI_VOLUME_NAME", name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b", "a b", "$(x)", "../x", "a|b"})
  void aDriversNameIsOneThatDockerWouldTake(String driver) {
    assertTrue(
        refusal("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_DRIVER", driver)
            .contains("is not a driver's name"));
  }

  // Identity and duplicates.

  @Test
  void namesDifferByCaseAsFarAsAnybodyKnowsBeforeTheDriverIsAsked() {
    String[] two = {"DVDI_VOLUME_NAME", "Data", "DVDI_VOLUME_NAME1", "data"};
    assertEquals(List.of("Data", "data"), names(ask(two)));
  }

  @Test
  void aDuplicateIsOneRequest() {
    assertEquals(1, ask("DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_NAME1", "pg").size());
  }

  @Test
  void aDuplicateThatDiffersIsPassedOverWhereLenient() {
    String[] two = {
      "DVDI_VOLUME_NAME", "pg",
      "DVDI_VOLUME_CONTAINERPATH", "/data",
      "DVDI_VOLUME_NAME1", "pg",
      "DVDI_VOLUME_OPTS1", "size=5"
    };
    assertTrue(refusal(two).contains("is requested twice"));
    List<VolumeRequest> requests = leniently(two);
    assertEquals(1, requests.size());
    assertEquals("/data", requests.get(0).containerPath().orElseThrow().toString());
  }

  @Test
  void aDuplicateWithAContainerpathFailsTheTaskAlsoWhereLenient() {
    String[] two = {
      "DVDI_VOLUME_NAME", "pg", "DVDI_VOLUME_NAME1", "pg", "DVDI_VOLUME_CONTAINERPATH1", "/data"
    };
    assertTrue(refusal(two).contains("is requested twice"));
    assertThrows(InvalidRequestException.class, () -> leniently(two));
  }

  // Texts: the variable of the task and its value, where a constant of the source was named.

  @Test
  void errorsNameTheVariableAndItsValue() {
    assertTrue(
        refusal("DVDI_VOLUME_NAME3", "a\nb").startsWith("DVDI_VOLUME_NAME3 'a?b' has a control"));
    assertTrue(
        refusal("DVDI_VOLUME_NAME3", "pg", "DVDI_VOLUME_DRIVER3", "a b")
            .startsWith("DVDI_VOLUME_DRIVER3 'a b'"));
    assertTrue(
        refusal("DVDI_VOLUME_NAME3", "pg", "DVDI_VOLUME_CONTAINERPATH3", "/a/../b")
            .startsWith("DVDI_VOLUME_CONTAINERPATH3 '/a/../b'"));
    assertTrue(
        refusal("DVDI_VOLUME_NAME3", "pg", "DVDI_VOLUME_OPTS3", "size")
            .startsWith("DVDI_VOLUME_OPTS3: item 1"));
  }
}
