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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
  @Test
  void defaultsAreThoseOfTheModuleAndOfTheLastMarathon() {
    assertEquals(
        new Arguments(Command.TASK, false, "rexray", VolumeForm.DOCKER_VOLUMES, List.of("a", "b")),
        Arguments.parse("task", "a", "b"));
  }

  @Test
  void optionsStandAnywhereAndTakeTheirValueBothWays() {
    assertEquals(
        new Arguments(Command.PLAN, true, "d", VolumeForm.VARIABLES, List.of("a", "--b")),
        Arguments.parse(
            "plan", "--default-driver", "d", "a", "--json", "--marathon=1.1", "--", "--b"));
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
        "run a                    | there is no command 'run'",
        "task                     | task needs the file of an app",
        "plan --json              | plan needs the file of an app",
        "task --json a            | task has no option '--json'",
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
