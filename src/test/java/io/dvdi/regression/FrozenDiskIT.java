// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The file of a volume of the driver local is on a file system that is frozen for a while. */
class FrozenDiskIT extends RegressionFixture {
  private @Nullable Process freezer;

  @BeforeEach
  void mountDisk() throws Exception {
    Path disk = mounts.image("disk.img", "ext4", 3_000);
    Path at = Files.createDirectories(folder().resolve("agent/local").resolve(VOLUME));
    mounts.mount("-o", "loop", disk.toString(), at.toString());
  }

  /** Also if this process is killed: then the pipe ends. */
  private void freeze() throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "sync -f \"$0\"; fsfreeze --freeze \"$0\" && echo frozen; cat >/dev/null;"
                    + " fsfreeze --unfreeze \"$0\"",
                folder().resolve("agent/local").resolve(VOLUME).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    freezer = process;
    BufferedReader output = process.inputReader();
    if (!"frozen".equals(output.readLine())) {
      throw new IllegalStateException("it cannot be frozen");
    }
  }

  @AfterEach
  void thaw() throws Exception {
    if (freezer != null) {
      freezer.getOutputStream().close();
      int unused = freezer.waitFor();
      freezer = null;
    }
  }

  /**
   * B20. In 0.1.0 a thread of the agent waits in mount(2). It survives kill -9, and keeps the lock
   * of the state folder and the agent's port until the disk answers. What it mounts then stays.
   */
  @Test
  void b20AnAgentThatIsKilledWhileAMountIsBlockedCanBeStartedAgain() throws Exception {
    Run first = start(EmbeddedAgent.localTask("make", "echo 7 >data/file", VOLUME, "size=1"));
    awaitEnd(first);
    freeze();
    Run second = start(EmbeddedAgent.localTask("t", untilTold("t"), VOLUME, "size=1"), keeper());
    eventually("a mount is blocked", () -> isBlocked(second));
    second.process().destroyForcibly();
    Outcome.unless(
        within(Duration.ofSeconds(30), () -> !second.process().isAlive()),
        "an agent that was killed does not end");

    Run third =
        start(
            EmbeddedAgent.localTask(
                "other", untilTold("other"), "other", "type=tmpfs,device=tmpfs"),
            EmbeddedAgent.localTask("early", "echo early runs", VOLUME, "size=1"),
            keeper());
    awaitDecision(third, "other");
    Outcome.unless(runs(third, "other"), "the next agent does not serve other volumes");
    Outcome.unless(
        !records(VOLUME).isEmpty(), "a mount that may still come is on no record any more");

    thaw();
    eventually("it is decided about early", () -> decided(third, "early"));
    eventually(
        "the volume is released",
        () -> records(VOLUME).isEmpty() && !isMounted(localMountOf(VOLUME)));
    tellToEnd("other");
    endKeeper(third);
    Run last = start(EmbeddedAgent.localTask("last", "cat data/file", VOLUME, "size=1"));
    awaitEnd(last);
    Outcome.unless(last.output().contains("7"), "the volume cannot be used any more");
  }

  /** Whether a thread of the agent, or a program that has the mountpoint as argument, waits. */
  private boolean isBlocked(Run run) throws Exception {
    String mountpoint = localMountOf(VOLUME).toString();
    for (ProcessHandle one : ProcessHandle.allProcesses().toList()) {
      boolean may =
          one.pid() == run.process().pid()
              || one.info().commandLine().orElse("").contains(mountpoint);
      if (may && waits(one.pid())) {
        Thread.sleep(500); // as a disk that answers does not let it
        return waits(one.pid());
      }
    }
    return false;
  }

  /** Whether a thread is in a state in which no signal ends it: D, see proc(5). */
  private static boolean waits(long pid) {
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), "task"))) {
      for (Path task : tasks) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.startsWith(" D ", stat.lastIndexOf(')') + 1)) {
          return true;
        }
      }
    } catch (IOException e) {
      // It has ended.
    }
    return false;
  }
}
