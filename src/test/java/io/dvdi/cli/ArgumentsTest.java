// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dvdi.cli.Arguments.Command;
import io.dvdi.marathon.VolumeForm;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
  @Test
  void defaultsAreThoseOfTheModuleAndOfTheLastMarathon() {
    assertEquals(
        new Arguments(
            Command.PLAN,
            false,
            "rexray",
            VolumeForm.DOCKER_VOLUMES,
            Optional.empty(),
            List.of("a", "b")),
        Arguments.parse("plan", "a", "b"));
  }

  @Test
  void optionsStandAnywhereAndTakeTheirValueBothWays() {
    assertEquals(
        new Arguments(
            Command.PLAN, true, "d", VolumeForm.VARIABLES, Optional.empty(), List.of("a", "--b")),
        Arguments.parse(
            "plan", "--default-driver", "d", "a", "--json", "--marathon=1.1", "--", "--b"));
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "20s, 20000", "5m, 300000", "2h, 7200000"})
  void timesHaveAUnit(String time, long milliseconds) {
    assertEquals(
        Optional.of(Duration.ofMillis(milliseconds)),
        Arguments.parse("run", "--state-dir=/s", "--library=/l", "--for", time, "a")
            .agent()
            .orElseThrow()
            .endAfter());
  }

  @Test
  void helpOfACommandNeedsNoFile() {
    assertEquals(Command.HELP, Arguments.parse("plan", "--help").command());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                         | a command is missing",
        "task a                   | there is no command 'task'",
        "run                      | run needs the file of an app",
        "run a                    | run needs --state-dir",
        "run --state-dir=/s a     | run needs --modules or --library",
        "run --for 20 a           | --for is '20'; it has to be a number with its unit",
        "run --for 0s a           | --for is '0s'",
        "run --for 1.5s a         | --for is '1.5s'",
        "run --for 8785h a        | --for is '8785h'",
        "plan --for 5s a          | plan has no option '--for'",
        "plan --json              | plan needs the file of an app",
        "run --json a             | run has no option '--json'",
        "plan --josn a            | plan has no option '--josn'",
        "plan --json=yes a        | plan has no option '--json=yes'",
        "plan -j a                | plan has no option '-j'",
        "plan a --default-driver  | the option --default-driver needs a value",
        "plan --default-driver= a | the option --default-driver needs a value",
        "plan --default-driver=.. | the default driver is wrong: volume driver '..'",
        "plan --marathon 1.2 a    | the option --marathon is '1.2'; it has to be 1.1",
      })
  void whatCannotBeUnderstoodIsRefused(String line, String expected) {
    String[] words = line == null ? new String[0] : line.split(" ", -1);
    String message =
        String.valueOf(
            assertThrows(UsageException.class, () -> Arguments.parse(words)).getMessage());
    assertTrue(message.startsWith(expected), message);
  }

  @Test
  void defaultDriverIsThatOfModulesJson() throws IOException {
    JsonNode parameters =
        new ObjectMapper()
            .readTree(new File("modules.json.example"))
            .at("/libraries/0/modules/0/parameters");
    for (JsonNode parameter : parameters) {
      if (parameter.path("key").asText().equals("default_driver")) {
        assertEquals(parameter.path("value").textValue(), Arguments.DEFAULT_DRIVER);
        return;
      }
    }
    throw new AssertionError("modules.json.example has no default_driver");
  }
}
