// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import static io.dvdi.marathon.AppText.EXTERNAL;
import static io.dvdi.marathon.AppText.assertHas;
import static io.dvdi.marathon.AppText.environment;
import static io.dvdi.marathon.AppText.messageOf;
import static io.dvdi.marathon.AppText.named;
import static io.dvdi.marathon.AppText.options;
import static io.dvdi.marathon.AppText.read;
import static io.dvdi.marathon.AppText.volume;
import static io.dvdi.marathon.AppText.volumes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.RequestRules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The form of Marathon 1.0 and 1.1. The first two tables are those of Marathon's own
 * DVDIProviderVolumeToEnvTest.
 */
class VolumeVariablesTest {
  private static final VolumeForm FORM = VolumeForm.VARIABLES;

  private static List<String> variables(String text) {
    return environment(Task.of(read(FORM, text), FORM));
  }

  private static String withEnv(String env, String... volumes) {
    return volumes(volumes).replace("'cmd'", "'env': {%s}, 'cmd'".formatted(env));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'dvdi/driver': 'bar'                      |             | ``",
        "'dvdi/driver': 'bar'                      | , 'size': 1 | DVDI_VOLUME_OPTS=size=1",
        "'dvdi/driver': 'bar', 'dvdi/size': '2'    | , 'size': 1 | DVDI_VOLUME_OPTS=size=1",
        "'dvdi/driver': 'bar', 'dvdi/size': 'abc'  |             | DVDI_VOLUME_OPTS=size=abc",
      })
  void volumeBecomesVariables(String options, String size, String opts) {
    List<String> expected =
        new ArrayList<>(
            List.of(
                "DVDI_VOLUME_CONTAINERPATH=data",
                "DVDI_VOLUME_NAME=foo",
                "DVDI_VOLUME_DRIVER=bar"));
    if (!opts.isEmpty()) {
      expected.add(opts);
    }
    assertEquals(
        expected,
        variables(
            volumes(
                volume(
                    "'provider': 'dvdi', 'name': 'foo', 'options': {%s}%s"
                        .formatted(options, size == null ? "" : size)))));
  }

  @ParameterizedTest
  @CsvSource({"'0', '', 1", "'', '', 1", "'', 1, 2", "3, 1, 4", "10, '', 11"})
  void suffixIsOneMoreThanTheAppsOwnHighest(String first, String second, String expected) {
    String env =
        "'DVDI_VOLUME_NAME%s': 'qaz', 'DVDI_VOLUME_CONTAINERPATH%s': '/tmp'"
            .formatted(first, first);
    if (!second.isEmpty()) {
      env += ", 'DVDI_VOLUME_NAME%s': 'edc'".formatted(second);
    }
    List<String> variables = variables(withEnv(env, named("foo")));
    assertEquals(
        List.of(
            "DVDI_VOLUME_CONTAINERPATH" + expected + "=data",
            "DVDI_VOLUME_NAME" + expected + "=foo",
            "DVDI_VOLUME_DRIVER" + expected + "=d"),
        variables.subList(variables.size() - 3, variables.size()));
  }

  @Test
  void suffixesOfSeveralVolumesCount() {
    List<String> names =
        variables(volumes(named("a"), named("b"), named("c"))).stream()
            .filter(variable -> variable.startsWith("DVDI_VOLUME_NAME"))
            .toList();
    assertEquals(
        List.of("DVDI_VOLUME_NAME=a", "DVDI_VOLUME_NAME1=b", "DVDI_VOLUME_NAME2=c"), names);
  }

  @Test
  void asManyVolumesFitAsThereAreSlots() {
    String[] most = new String[RequestRules.SLOTS];
    for (int i = 0; i < most.length; i++) {
      most[i] = named("v" + i).replace("'data'", "'p" + i + "'");
    }
    assertEquals(32, Task.of(read(FORM, volumes(most)), FORM).requests("rexray").size());

    assertHas(
        messageOf(FORM, withEnv("'DVDI_VOLUME_NAME': 'own'", most)),
        "container.volumes[31] would get the variable DVDI_VOLUME_NAME32",
        "the last one is DVDI_VOLUME_NAME31",
        "Marathon 1.3");
  }

  @Test
  void appMayNotSetTheVariablesOfAnotherVolume() {
    assertHas(
        messageOf(
            FORM, withEnv("'DVDI_VOLUME_OPTS': 'a=b', 'DVDI_VOLUME_DRIVER': 'd'", named("v"))),
        "env.DVDI_VOLUME_DRIVER is set by Marathon 1.1 for container.volumes[0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"32", "x", "00", "SPACE", "٣"})
  void suffixThatIsNoDigitIsRefusedByTheModulesOwnRules(String suffix) {
    Task task =
        Task.of(
            read(FORM, withEnv("'DVDI_VOLUME_NAME%s': 'x'".formatted(suffix), named("v"))), FORM);
    assertHas(
        String.valueOf(
            assertThrows(InvalidRequestException.class, () -> task.requests("rexray"))
                .getMessage()),
        "'DVDI_VOLUME_NAME" + suffix + "' is not a variable of this module");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3,cret", "s3cret\\\\"})
  void valueThatACommaListCannotHoldIsRefusedAndNotShown(String value) {
    String text = volumes(options("d", "'dvdi/o': '%s'".formatted(value)));
    String message = messageOf(FORM, text);
    assertHas(
        message,
        "container.volumes[0].external.options['dvdi/o']",
        "has a comma, or a backslash at its end",
        "1.3");
    assertFalse(message.contains("s3"), message);
    assertEquals(1, Task.of(read(text), VolumeForm.DOCKER_VOLUMES).requests("rexray").size());
  }

  @Test
  void valueMayHaveASecondEqualsSign() {
    assertEquals(
        "a=b",
        Task.of(read(FORM, volumes(options("d", "'dvdi/o': 'a=b'"))), FORM)
            .requests("rexray")
            .getFirst()
            .options()
            .values()
            .get("o"));
  }

  @Test
  void volumesAreInNoOtherForm() {
    assertEquals(List.of(), Task.of(read(FORM, volumes(volume(EXTERNAL))), FORM).volumes());
  }
}
