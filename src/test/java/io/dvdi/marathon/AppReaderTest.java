// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import static io.dvdi.marathon.AppText.app;
import static io.dvdi.marathon.AppText.assertHas;
import static io.dvdi.marathon.AppText.assertRefused;
import static io.dvdi.marathon.AppText.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an app: its text, ID, command and environment. */
class AppReaderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                          | there is nothing in it",
        "{                           | line 1, column 2: this is not JSON",
        "{'id': 'a',\\n"
            + " 'id': 'b'}   | line 2, column 6: this is not JSON: an object has the name 'id'"
            + " twice",
        "{'env': {'A':'1','A':'1'}}  | line 1, column 21: this is not JSON: an object has the name"
            + " 'A' twice",
        "{'id': 'a'}\\n"
            + "{'id': 'b'}   | line 2, column 1: this is not JSON: there is text after its end",
        "{'id': 'a'} x               | this is not JSON",
        "{'id': 'a', }               | this is not JSON",
        "{id: 'a'}                   | this is not JSON",
        "[{'id': 'a'}]               | the app is an array; it has to be an object, one app",
        "null                        | the app is null; it has to be an object, one app",
        "'a'                         | the app is a string; it has to be an object, one app",
        "{'id': 7, 'cmd': 'true'}    | id is a number; it has to be a string",
      })
  void whatIsNoAppIsRefusedWithItsPlace(String text, String expected) {
    assertRefused(text.replace("\\n", "\n"), expected);
  }

  @Test
  void nestingWithoutEndIsRefused() {
    assertRefused("[".repeat(1_000_000), "nested deeper than 1000");
  }

  @Test
  void brokenUtf8IsRefused() {
    byte[] text = {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xff, '"', '}'};
    assertHas(
        String.valueOf(
            assertThrows(
                    InvalidAppException.class,
                    () -> AppReader.read(text, VolumeForm.DOCKER_VOLUMES))
                .getMessage()),
        "line 1, column 8: this is not JSON: the text is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'cmd': 'a\\u0000b'", "'cmd': '\\ud800'", "'env': {'A\\u0000': ''}"})
  void textThatNoTaskCanBeGivenIsRefused(String field) {
    assertRefused("{'id': 'a', %s, 'args': ['a']}".formatted(field), "NUL character", "surrogate");
  }

  @Test
  void textBeyondTheBasicPlaneIsKept() {
    assertEquals(
        List.of(Map.entry("ÄÖ", "\ud83d\ude00")),
        read(app("'env': {'ÄÖ': '\ud83d\ude00'}")).environment());
  }

  @ParameterizedTest
  @CsvSource({
    "hello-play,    /hello-play,  hello-play,  hello-play",
    "/hello-play,   /hello-play,  hello-play,  hello-play",
    "/a/b,          /a/b,         a_b,         b.a",
    "//a///b.c/,    /a/b.c,       a_b.c,       b.c.a",
  })
  void idBecomesTaskIdAndNameAsInMarathon(String id, String whole, String taskId, String name) {
    AppId read = read("{'id': '%s', 'cmd': 'true'}".formatted(id)).id();
    assertEquals(whole, read.toString());
    assertEquals(taskId, read.taskId());
    assertEquals(name, read.taskName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "A",
        "a_b",
        "-a",
        "a-",
        "a b",
        ".",
        "..",
        "/a/../b",
        ".a",
        "a.",
        "ä",
        "a\\n",
        "/a/tasks",
        "restart",
        "versions"
      })
  void idThatMarathonRefusesIsRefused(String id) {
    assertRefused("{'id': '%s', 'cmd': 'true'}".formatted(id), "id is '");
  }

  @Test
  void idIsRequired() {
    assertRefused("{'cmd': 'true'}", "id is missing; write ");
  }

  @Test
  void cmdIsForTheShellAndArgsAreAProgram() {
    assertEquals(
        Optional.of(new Command.Shell("echo $A")),
        read("{'id': 'a', 'cmd': 'echo $A', 'args': []}").command());
    assertEquals(
        Optional.of(new Command.Program(List.of("echo", "$A", ""))),
        read("{'id': 'a', 'args': ['echo', '$A', '']}").command());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'cmd': 'a', 'args': ['b'] | has both cmd and args; keep one",
        "'args': []                | has neither cmd nor args",
        "'cmd': null               | has neither cmd nor args",
        "'cmd': ' '                | cmd is ' '; write the command to run",
        "'args': ['', 'b']         | args starts with an empty string",
        "'args': ['b', 1]          | args[1] is a number; it has to be a string",
        "'args': 'b'               | args is a string; it has to be an array",
        "'cmd': ['b']              | cmd is an array; it has to be a string",
      })
  void commandIsOneOfCmdAndArgs(String fields, String expected) {
    assertRefused("{'id': 'a', " + fields + "}", expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'A': 1}                 | env.A is a number; it has to be a string",
        "{'A': true}              | env.A is true or false; it has to be a string",
        "{'A': null}              | env.A is null; it has to be a string",
        "{'A': {'secret': 's'}}   | env.A is an object, which stands for a secret",
        "{'': 'x'}                | env[''] is not a variable",
        "{'A=B': 'x'}             | env['A=B'] is not a variable",
        "['A']                    | env is an array; it has to be an object",
      })
  void environmentValuesAreStrings(String env, String expected) {
    assertRefused(app("'env': " + env), expected);
  }

  @Test
  void environmentKeepsItsOrder() {
    assertEquals(
        List.of(Map.entry("Z", ""), Map.entry("A", "1")),
        read(app("'env': {'Z': '', 'A': '1'}")).environment());
  }

  /** The original example of mesos-module-dvdi. */
  @Test
  void appOfTheFirstMarathonsKeepsItsEnvironmentAndIsWarnedOfTopLevelVolumes() {
    String text =
        """
        {
          'id': 'hello-play',
          'cmd': 'while [ true ] ; do touch /var/lib/rexray/volumes/test12345/hello ; sleep 5 ; done',
          'mem': 32,
          'cpus': 0.1,
          'instances': 1,
          'env': {
            'DVDI_VOLUME_NAME': 'test1234567890',
            'DVDI_VOLUME_OPTS': 'size=5,iops=150,volumetype=io1,newfstype=xfs,overwritefs=true'
          },
          'volumes': {
            '/var/lib/rexray/volumes/test12345':'/test12345'
          }
        }
        """;
    for (VolumeForm form : VolumeForm.values()) {
      App app = read(form, text);
      assertEquals(1, app.remarks().warnings().size());
      assertHas(
          app.remarks().warnings().getFirst(),
          "volumes has no effect: Marathon has no such field",
          "DVDI_VOLUME_CONTAINERPATH in env");
      assertEquals(
          List.of(
              "DVDI_VOLUME_NAME=test1234567890",
              "DVDI_VOLUME_OPTS=size=5,iops=150,volumetype=io1,newfstype=xfs,overwritefs=true"),
          AppText.environment(Task.of(app, form)));
      assertEquals(List.of(), Task.of(app, form).volumes());
    }
  }
}
