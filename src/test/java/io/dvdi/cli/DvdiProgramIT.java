// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.cli.BinDvdi.Run;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of bin/dvdi, and the places where newcomers start it. */
class DvdiProgramIT extends DvdiProgramFixture {
  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help", "--version"})
  void helpAndVersionNeedNothing(String word) throws Exception {
    dvdi.checkout.clean();
    withoutMaven();
    asNobody();
    mountReadOnly();

    Run run = dvdi.run(word);

    assertEquals(0, run.status(), run::toString);
    assertTrue(
        word.equals("--version")
            ? run.out().matches("dvdi [0-9]+\\.[0-9]+\\.[0-9]+\\S*\n")
            : run.out().startsWith("Usage: bin/dvdi run "),
        run::toString);
    assertEquals("", run.err());
    assertNothingWasBuilt();
  }

  @ParameterizedTest
  @CsvSource({"run", "plan"})
  void helpOfACommandNeedsNothingEither(String command) throws Exception {
    dvdi.checkout.clean();
    withoutMaven();
    Run run = dvdi.run(command, "--help");
    assertEquals(0, run.status(), run::toString);
    assertTrue(run.out().startsWith("Usage: "), run::toString);
    assertNothingWasBuilt();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--wrong", "wrong", "run --wrong", "plan --wrong"})
  void whatIsWrongInTheCommandLineNamesHelp(String words) throws Exception {
    Run run = dvdi.run(words.split(" ", -1));
    assertEquals(2, run.status(), run::toString);
    assertTrue(run.err().matches("dvdi: .*wrong.*bin/dvdi --help\\.?\n"), run::toString);
    assertEquals("", run.out());
  }

  /**
   * In a script, since this JVM can name such files only where its own locale has their letters.
   * Maven is the real one: without a locale it does not find the POM there.
   */
  @Test
  void theNamesOfFoldersAndFilesMayHaveAnyLetters() throws Exception {
    dvdi.tool(
        "mvn",
        """
        PATH=${PATH#*:} mvn --quiet --offline -Denforcer.skip validate
        mv target/built-before target/dist/built
        """);
    Path script =
        Files.writeString(
            mounts.folder().resolve("script"),
            """
            cd %s
            mkdir "Größe 'x y"
            mv checkout "Größe 'x y/dvdi"
            cd "Größe 'x y/dvdi"
            mv target/dist/built target/built-before
            cp examples/hello-play.json "ä 'b.json"
            env -i PATH="%s:$PATH" HOME="$HOME" bin/dvdi run --state-dir "stäte 'x\\"z" "ä 'b.json"
            """
                .formatted(mounts.folder(), dvdi.tools));
    String output = RealMounts.run("bash", "-e", script.toString());
    assertTrue(output.contains(" ended with status 0"), output);
    assertTrue(output.contains("Building: "), output);
    // Java deletes only what it can name.
    RealMounts.run("find", mounts.folder().toString(), "-mindepth", "1", "-delete");
  }

  @ParameterizedTest
  @ValueSource(strings = {":", ";", "\"", "\\", "$"})
  void aCharacterThatCannotBeInThePathIsSaid(String character) throws Exception {
    Path moved = mounts.folder().resolve("a" + character + "b");
    RealMounts.run("mv", dvdi.checkout.path("").toString(), moved.toString());
    Process process =
        new ProcessBuilder(moved + "/bin/dvdi", "plan", app).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(2, process.waitFor(), said);
    assertEquals(
        ("dvdi: the path of this checkout, %s, has one of the characters : ; \" \\ $, with which it"
                + " cannot be built or run. Move or rename the folder.\n")
            .formatted(moved),
        said);
  }

  @Test
  void everyProgramAnswersHelpAndVersion() throws Exception {
    for (String script :
        List.of(
            "bin/check",
            "bin/check-fresh",
            "bin/check-java",
            "bin/dvdcli",
            "bin/dvdi",
            "bin/format",
            "bin/java-21-root",
            "bin/mesos-matrix",
            "bin/mesos-test",
            "bin/regressions",
            "bin/simulate",
            "target/dist/lib/dvdi/dvdi-agent",
            "target/dist/lib/dvdi/dvdi-bind")) {
      String program = dvdi.checkout.path(script).toString();
      for (String word : List.of("--help", "-h", "help")) {
        String help = RealMounts.run(program, word);
        assertTrue(help.contains("Usage:"), help);
      }
      String version = RealMounts.run(program, "--version");
      assertTrue(version.endsWith(dvdi.run("--version").out().replace("dvdi ", " ")), version);
    }
  }
}
