// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mockConstruction;

import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.testing.Eventually;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockedConstruction;

class ProgramTest {
  private static final int KEPT = 64 * 1024;

  @RegisterExtension private final RealMounts mounts = new RealMounts();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 42, 255})
  void theExitStatusIsThePrograms(int status) throws Exception {
    assertEquals(status, shell("exit " + status).status());
  }

  @Test
  void bothOutputsAreKeptApart() throws Exception {
    Program.Ended ended = shell("echo out; echo err >&2; echo more; exit 3");

    assertEquals(new Program.Ended(3, "out\nmore", "err", true), ended);
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
    assertEquals(new Program.Ended(0, "", "", true), Program.run(List.of("cat"), soon()));
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
  void atTheDeadlineTheProgramAndAllThatItStartedIsKilled() throws Exception {
    Path pids = mounts.folder().resolve("pids");
    String script =
        "echo $$ >> \"$1\"; sh -c 'echo $$ >> \"$1\"; sleep 1000 & echo $! >> \"$1\"; wait' sh"
            + " \"$1\"; :";

    DriverException e =
        assertThrows(
            DriverException.class,
            () ->
                Program.run(
                    List.of("sh", "-c", script, "sh", pids.toString()),
                    Deadline.after(Duration.ofSeconds(3))));

    assertTrue(e.isUncertain(), "what it did until then is not known");
    assertTrue(String.valueOf(e.getMessage()).contains("sh did not end within 3 s"), e.toString());
    List<String> started = Files.readAllLines(pids);
    assertEquals(3, started.size(), "the test itself: three processes ran");
    for (String pid : started) {
      Eventually.holds("process " + pid + " is gone", () -> hasEnded(pid));
    }
  }

  @Test
  void aDeadlineThatHasPassedIsAnsweredAtOnce() {
    assertTrue(
        assertThrows(
                DriverException.class,
                () -> Program.run(List.of("sleep", "1000"), Deadline.after(Duration.ZERO)))
            .isUncertain());
  }

  @Test
  void aDaemonThatKeepsTheOutputOpenTakesNothingAwayFromIt() throws Exception {
    Path pid = mounts.folder().resolve("pid");
    try {
      Program.Ended ended =
          Program.run(
              List.of(
                  "sh",
                  "-c",
                  "echo /mnt/volume; sleep 1000 & echo $! > \"$1\"",
                  "sh",
                  pid.toString()),
              soon());

      assertEquals(0, ended.status());
      assertEquals("/mnt/volume", ended.output());
    } finally {
      long daemon = Long.parseLong(Files.readString(pid).strip());
      ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void anInterruptKillsTheProgram() throws Exception {
    Path pid = mounts.folder().resolve("pid");
    AtomicBoolean interrupted = new AtomicBoolean();
    CompletableFuture<DriverException> failure = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              failure.complete(
                  failure(
                      "sh",
                      "-c",
                      "echo $$ > \"$1.new\"; mv \"$1.new\" \"$1\"; sleep 1000",
                      "sh",
                      pid.toString()));
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    Eventually.holds("the program runs", () -> Files.exists(pid));

    caller.interrupt();
    caller.join();

    assertTrue(failure.join().isUncertain());
    assertTrue(interrupted.get(), "the thread stays interrupted");
    String started = Files.readString(pid).strip();
    Eventually.holds("process " + started + " is gone", () -> hasEnded(started));
  }

  @Test
  void anInterruptedThreadStartsNothing() {
    Path file = mounts.folder().resolve("file");
    Thread.currentThread().interrupt();

    DriverException e = failure("touch", file.toString());

    assertTrue(Thread.interrupted(), "the thread stays interrupted");
    assertFalse(e.isUncertain());
    assertFalse(Files.exists(file));
  }

  @Test
  void aProgramWhoseOutputsCannotBeReadDoesNotRunOn() throws Exception {
    Path pid = mounts.folder().resolve("pid");
    try (MockedConstruction<KeptOutput> outputs =
        mockConstruction(
            KeptOutput.class,
            (output, context) -> {
              Eventually.holds("the program runs", () -> Files.exists(pid));
              throw new OutOfMemoryError("unable to create native thread");
            })) {
      String script = "echo $$ > \"$1.new\"; mv \"$1.new\" \"$1\"; sleep 1000";

      assertThrows(
          Throwable.class,
          () -> Program.run(List.of("sh", "-c", script, "sh", pid.toString()), soon()));
      assertEquals(List.of(), outputs.constructed());
    }

    assertTrue(hasEnded(Files.readString(pid).strip()));
  }

  @Test
  void theListOfTheCallerIsLeftAsItIs() throws Exception {
    List<String> command = new ArrayList<>(List.of("true", "x"));

    Program.run(command, soon());

    assertEquals(List.of("true", "x"), command);
  }

  private static boolean hasEnded(String pid) {
    try {
      // A process that has ended may wait for its parent as a zombie.
      return Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (IOException e) {
      // ENOENT, or ESRCH when it ended between open and read.
      return true;
    }
  }

  private static DriverException failure(String... command) {
    return assertThrows(DriverException.class, () -> Program.run(List.of(command), soon()));
  }

  private static Program.Ended shell(String script) throws DriverException {
    return Program.run(List.of("sh", "-c", script), soon());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30));
  }
}
