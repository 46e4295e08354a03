// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.testing.RealMounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** File systems that are dead, or do not answer: those of an rclone that is killed or stopped. */
class HungMountIT extends RegressionFixture {
  private @Nullable Process rclone;

  @BeforeEach
  void shortLooks() {
    agent().parameter("check_timeout", "1secs"); // of 0.1.0
  }

  @AfterEach
  void killRclone() throws Exception {
    if (rclone != null) {
      int unused = rclone.destroyForcibly().waitFor();
    }
  }

  /** An rclone that mounts a folder. */
  private Path mountedByRclone() throws Exception {
    Path source = mounts.newFolder("source");
    Path at = mounts.newFolder("fuse");
    Process process =
        new ProcessBuilder(
                "rclone",
                "--config=" + folder().resolve("rclone.conf"),
                "mount",
                ":local:" + source,
                at.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder().resolve("rclone.log").toFile())
            .start();
    rclone = process;
    eventually("rclone has mounted", () -> isMounted(at));
    return at;
  }

  private void signalRclone(String name) throws Exception {
    RealMounts.run("sh", "-c", "kill -" + name + " " + Objects.requireNonNull(rclone).pid());
  }

  /**
   * A23. In 0.1.0 any error of the driver, also that it has not answered yet, makes the module
   * unmount a dead mount itself. The record is gone while the driver's Unmount is still under way.
   */
  @Test
  void a23ADeadMountStaysOnRecordAsLongAsItsUnmountIsUnderWay() throws Exception {
    PluginProcess plugin = plugin();
    shortTimeouts(1);
    Path fuse = mountedByRclone();
    // The plugin's volume is one of rclone's.
    plugin.tell("create '%s'".formatted(VOLUME));
    mounts.mount("--bind", fuse.toString(), folder().resolve("root/files/" + VOLUME).toString());
    plugin.tell("Unmount: until late; do; answer");
    Run run = start(on(VOLUME, "t", untilTold("t")), keeper());
    awaitStart(run, "t");
    signalRclone("KILL");
    tellToEnd("t");
    eventually("Unmount was sent", () -> plugin.calls("Unmount", VOLUME).size() == 1);

    boolean dropped = within(timeout.multipliedBy(3), () -> records(VOLUME).isEmpty());
    Outcome.unless(
        !dropped, "there is no record any more, while the driver's Unmount is still under way");

    plugin.tell("go late");
    comesToRest(plugin, VOLUME);
    endKeeper(run);
  }

  /** A17. In 0.1.0 looks are kept by path: the healthy mount does not answer either. */
  @Test
  void a17AMountThatHangsSaysNothingOfTheNextOneAtItsPath() throws Exception {
    PluginProcess plugin = plugin("--path=never");
    Path path = folder().resolve("fuse");
    plugin.tell("Mount 'hangs': until stopped; answer " + path);
    plugin.tell("Mount 'data': until healthy; answer " + path);
    plugin.tell("Unmount: answer");
    Run run = start(on("hangs", "first", "echo first runs"), on(VOLUME, "t", untilTold("t")));
    eventually(
        "both are being mounted",
        () ->
            plugin.calls("Mount", "hangs").size() == 1
                && plugin.calls("Mount", VOLUME).size() == 1);
    Path unused = mountedByRclone();
    signalRclone("STOP");
    try {
      plugin.tell("go stopped");
      awaitDecision(run, "first");
      assertFalse(runs(run, "first"), run.logText());
      RealMounts.run("umount", "--lazy", path.toString());
      unused = mounts.tmpfs("fuse", "size=1m");

      plugin.tell("go healthy");

      awaitDecision(run, "t");
      Outcome.unless(runs(run, "t"), "a healthy mount is refused since an earlier one hung there");
    } finally {
      signalRclone("CONT");
    }
    tellToEnd("t");
    eventually("the driver is told", () -> plugin.calls("Unmount", VOLUME).size() == 1);
    mounts.unmount(path);
    awaitEnd(run);
    Run last = start();
    awaitEnd(last);
    assertEquals(List.of(), records(VOLUME));
    assertEquals(List.of(), records("hangs"));
  }

  /** A29. In 0.1.0 it stays mounted for as long as any process waits in it. */
  @Test
  void a29ADeadMountOfLocalIsUnmountedAlthoughAProcessWaitsInIt() throws Exception {
    Path fuse = mountedByRclone();
    agent().parameter("local_devices", fuse.toString());
    Run run =
        start(
            EmbeddedAgent.localTask("t", untilTold("t"), VOLUME, "type=none,o=bind,device=" + fuse),
            keeper());
    awaitStart(run, "t");
    awaitStart(run, "keeper");
    Process waits =
        new ProcessBuilder("sleep", "1000").directory(localMountOf(VOLUME).toFile()).start();
    try {
      signalRclone("STOP");
      tellToEnd("t");
      boolean gone = within(Duration.ofSeconds(60), () -> !isMounted(localMountOf(VOLUME)));
      Outcome.unless(gone, "the dead mount stays as long as a process waits in it");
      eventually("the record is removed", () -> records(VOLUME).isEmpty());
      endKeeper(run);
    } finally {
      int unused = waits.destroyForcibly().waitFor();
      signalRclone("CONT");
    }
  }
}
