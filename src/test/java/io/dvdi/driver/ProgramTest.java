// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program is given, and what is kept of it. */
class ProgramTest extends ProgramFixture {
  private static final int KEPT = 64 * 1024;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 42, 255})
  void theExitStatusIsThePrograms(int status) throws Exception {
    assertEquals(status, shell("exit " + status).status());
  }

  @Test
  void bothOutputsAreKeptApart() throws Exception {
    Program.Ended ended = shell("echo out; echo err >&2; echo more; exit 3");

    assertEquals(new Program.Ended(3, "out\nmore", "err", true, true), ended);
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true", "true, true"})
  void outputsThatFillEveryPipeDoNotHoldTheProgramUp(boolean out, boolean err) throws Exception {
    String flood = "head -c 1000000 /dev/zero | tr '\\0' x ";

    Program.Ended ended =
        shell((out ? flood + "; " : "") + (err ? flood + ">&2; " : "") + "exit 7");

    assertEquals(7, ended.status());
    assertEquals(out ? KEPT : 0, ended.output().length());
    assertEquals(!out, ended.whole());
    assertEquals(err ? KEPT : 0, ended.error().length());
  }

  @ParameterizedTest
  @CsvSource({"65536, true", "65537, false"})
  void outputIsWholeUpToTheLimit(int length, boolean whole) throws Exception {
    assertEquals(whole, shell("head -c " + length + " /dev/zero | tr '\\0' x").whole());
  }

  @Test
  void outputThatIsNoTextDoesNotFail() throws Exception {
    assertEquals("a\uFFFDb", shell("printf 'a\\377b'").output());
  }

  @Test
  void standardInputIsEmpty() throws Exception {
    assertEquals(new Program.Ended(0, "", "", true, true), Program.run(List.of("cat"), soon()));
  }

  @Test
  void theEnvironmentIsCleanWhateverTheAgentsIs() throws Exception {
    Set<String> names = new TreeSet<>();
    for (String line : Program.run(List.of("env"), soon()).output().lines().toList()) {
      names.add(line.substring(0, line.indexOf('=')));
    }

    assertEquals(Set.of("LC_ALL", "PATH"), names);
    assertEquals("C", Program.run(List.of("printenv", "LC_ALL"), soon()).output());
  }

  @Test
  void theWorkingFolderIsTheRoot() throws Exception {
    assertEquals("/", Program.run(List.of("pwd"), soon()).output());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "with space",
        "'single'",
        "\"double\"",
        "$(touch /tmp/pwned)",
        "`id`",
        "$HOME",
        "a;b",
        "a|b",
        "a&b",
        "a>b",
        "*",
        "~",
        "\\",
        "line\nbreak",
        "--flag=x y",
        "-n"
      })
  void argumentsArePassedUntouched(String argument) throws Exception {
    assertEquals(
        "[" + argument + "]", Program.run(List.of("printf", "[%s]", argument), soon()).output());
  }

  @Test
  void argumentsBeyondAsciiArePassedUntouchedInAUnicodeLocale() throws Exception {
    assertEquals("größe", Program.run(List.of("printf", "größe"), soon()).output());
  }

  @Test
  void aProgramThatIsNotThereSaysSo() {
    DriverException e = failure("no-such-program-here", "x");

    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("no-such-program-here"), message);
    assertTrue(message.contains("/usr/sbin"), message);
    assertTrue(message.contains("is it installed?"), message);
    assertFalse(e.isUncertain());
  }

  @Test
  void aFileThatIsNoProgramSaysSo() throws Exception {
    Path file = Files.writeString(mounts.folder().resolve("file"), "x");

    DriverException e = failure(file.toString());

    assertTrue(String.valueOf(e.getMessage()).contains(file + " cannot be started"), e.toString());
    assertFalse(e.isUncertain());
  }

  @Test
  void programsOfTheSbinFoldersAreFoundWhateverThePathOfTheAgent() throws Exception {
    ProcessBuilder agent =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            AgentWithoutPath.class.getName());
    agent.environment().put("PATH", "/nonexistent");
    agent.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = agent.start();

    assertEquals("0", new String(process.getInputStream().readAllBytes(), UTF_8).strip());
    assertEquals(0, process.waitFor());
  }

  /** What the child of the test above runs. */
  static final class AgentWithoutPath {
    private AgentWithoutPath() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println(Program.run(List.of("mkfs.ext4", "-V"), soon()).status());
    }
  }

  @Test
  void theListOfTheCallerIsLeftAsItIs() throws Exception {
    List<String> command = new ArrayList<>(List.of("true", "x"));

    Program.run(command, soon());

    assertEquals(List.of("true", "x"), command);
  }
}
