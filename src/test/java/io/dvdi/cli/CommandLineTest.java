// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person who types a command sees. */
class CommandLineTest extends AppCommandFixture {
  @Test
  void allBadAppsAreNamedAndNothingIsPrinted() throws IOException {
    String bad = file("bad.json", "{\"id\": \"x\"}");
    String worse = file("worse.json", VARIABLES.replace("NAME1", "NAME32"));
    String missing = folder.resolve("missing.json").toString();
    for (String[] command : List.of(RUN, new String[] {"plan"})) {
      assertEquals(1, run(command, bad, file("good.json", PLAIN), worse, missing));
      assertEquals("", out);
      List<String> lines = err.lines().toList();
      assertEquals(3, lines.size(), err);
      assertEquals(
          "dvdi: error: "
              + bad
              + ": the app has neither cmd nor args; write what to run in one of them",
          lines.get(0));
      assertTrue(
          lines
              .get(1)
              .startsWith("dvdi: error: " + worse + ": 'DVDI_VOLUME_NAME32' is not a variable"),
          err);
      assertEquals(
          "dvdi: error: " + missing + ": cannot be read: there is no such file", lines.get(2));
    }
  }

  @Test
  void folderIsNoApp() {
    assertEquals(1, run(RUN, folder.toString()));
    assertTrue(
        err.endsWith(": cannot be read: it is a folder; name the file of an app in it\n"), err);
  }

  @Test
  void nameThatCannotBeAPathIsNoFile() {
    assertEquals(1, run(RUN, "a\0b"));
    assertEquals("dvdi: error: a b: cannot be read: there is no such file\n", err);
  }

  @Test
  void endlessFileIsNoApp() {
    assertEquals(1, run(RUN, "/dev/zero"));
    assertEquals("dvdi: error: /dev/zero: this is not an app: it is longer than 16 MiB\n", err);
  }

  @Test
  void warningsAreLinesAndDoNotFail() throws IOException {
    String app =
        file("a.json", PLAIN.replace("}", ", \"volumes\": {\"/h\": \"/c\"}, \"instances\": 2}"));
    assertEquals(0, run(RUN, app));
    List<String> lines = err.lines().toList();
    assertEquals(2, lines.size(), err);
    assertTrue(lines.get(0).startsWith("dvdi: warning: " + app + ": volumes has no effect"), err);
    assertEquals(
        "dvdi: warning: " + app + ": instances is 2; only one task is considered here",
        lines.get(1));
  }

  @Test
  void messageIsOneLineWhateverIsInIt() throws IOException {
    assertEquals(1, run(RUN, file("a\nb\u001b[31m.json", "{\"id\":\n\"a\"\n,,}")));
    assertEquals(1, err.lines().count(), err);
    assertFalse(err.contains("\u001b"), err);
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "-h"})
  void helpSaysWhatThereIs(String word) {
    assertEquals(0, run(word));
    assertEquals(Usage.TEXT, out);
    assertEquals("", err);
  }

  @Test
  void badUsageIsSaidWithAStatusOfItsOwn() {
    assertEquals(2, run("paln"));
    assertEquals("", out);
    assertEquals(
        "dvdi: error: there is no command 'paln'; there are run, plan and help; see bin/dvdi"
            + " --help\n",
        err);
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() throws IOException {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            },
            false,
            UTF_8);
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int status =
        new CommandLine(full, new PrintStream(errBytes, true, UTF_8)).run("plan", file("a", PLAIN));
    assertEquals(1, status);
    assertTrue(errBytes.toString(UTF_8).contains("standard output cannot be written"));
  }
}
