// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mockConstruction;

import io.dvdi.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.mockito.MockedConstruction;

/** Programs that are killed at a deadline or an interrupt, and those that outlive the call. */
class KilledProgramTest extends ProgramFixture {
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

  private static boolean hasEnded(String pid) {
    try {
      // A process that has ended may wait for its parent as a zombie.
      return Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (IOException e) {
      // ENOENT, or ESRCH when it ended between open and read.
      return true;
    }
  }
}
