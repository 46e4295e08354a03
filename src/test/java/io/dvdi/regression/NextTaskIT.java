// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the next task gets of a volume that could not be unmounted. */
class NextTaskIT extends RegressionFixture {
  /** A13. In 0.1.0 the task runs without a Mount: the driver has no ID for it any more. */
  @Test
  void a13AVolumeThatCouldNotBeUnmountedIsMountedAnewWithANewId() throws Exception {
    PluginProcess plugin = plugin();
    // As rclone does when it meets EBUSY.
    plugin.tell("Unmount: forget; refuse device or resource busy");
    Run first = start(on(VOLUME, "first", "touch data/file"));
    awaitEnd(first);

    Run second = start(on(VOLUME, "second", untilTold("second")), keeper());
    awaitStart(second, "keeper");
    boolean runs = within(LONG, () -> decided(second, "second")) && runs(second, "second");
    if (runs) {
      List<String> users = plugin.users(VOLUME);
      Outcome.unless(
          users.size() == 1, "the next task runs without a Mount, and the driver counts nobody");
      Outcome.unless(
          plugin.calls("Mount", VOLUME).size() == 2, "the next task runs with the ID of the first");
    }
    plugin.tell("clear");
    tellToEnd("second");
    endKeeper(second);
    Outcome.unless(runs, "the next task does not get the volume");
    // To the plugin, nobody uses what is mounted; whether the module may force that is not the
    // subject here.
    if (plugin.users(VOLUME).isEmpty() && isMounted(VOLUME)) {
      mounts.unmount(mountOf(VOLUME));
    }
    Run last = start(keeper());
    comesToRest(plugin, VOLUME);
    endKeeper(last);
  }

  /** A13. In 0.1.0 the task gets a dead file system: ext4 answers statfs(2) from memory. */
  @Test
  void a13AFileSystemWhoseDeviceIsGoneIsGivenToNoTask() throws Exception {
    Run first =
        start(
            EmbeddedAgent.localTask(
                "first",
                "head -c 4000000 /dev/zero > data/file; sync; " + untilTold("first"),
                VOLUME,
                "size=1"));
    awaitStart(first, "first");
    Process holder = processIn(localMountOf(VOLUME));
    try {
      tellToEnd("first");
      awaitEnd(first);
      loseDevice();

      Run second =
          start(
              EmbeddedAgent.localTask(
                  "second",
                  "echo second runs; cat data/file > /dev/null && echo it was read",
                  VOLUME,
                  ""));
      awaitEnd(second);

      Outcome.unless(
          !runs(second, "second") || second.output().contains("it was read"),
          "the next task is given a file system whose device is gone");
    } finally {
      int unused = holder.destroyForcibly().waitFor();
    }
    Run last = start(keeper());
    eventually("the volume is unmounted", () -> !isMounted(localMountOf(VOLUME)));
    endKeeper(last);
  }

  /** A process of the host whose working folder is there: nothing but force unmounts it. */
  private static Process processIn(Path folder) throws IOException {
    return new ProcessBuilder("sleep", "1000").directory(folder.toFile()).start();
  }

  /** Leaves nothing of the volume but what the kernel has in memory. */
  private void loseDevice() throws Exception {
    try (Stream<Path> files = Files.list(folder().resolve("agent/local").resolve(VOLUME))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        RealMounts.run("truncate", "--size=0", file.toString());
      }
    }
    for (String device : mounts.loopDevices()) {
      RealMounts.run("losetup", "--set-capacity", device);
    }
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
  }

  /** A14. In 0.1.0 the next task sees the files of the last one. */
  @Test
  void a14ATmpfsHasNoFilesOfTheLastTask() throws Exception {
    freshVolume("type=tmpfs");
  }

  /** A14. In 0.1.0 the next task sees the files of the last one. */
  @Test
  void a14AVolumeThatIsToBeOverwrittenHasNoFilesOfTheLastTask() throws Exception {
    freshVolume("size=1,overwritefs=true");
  }

  private void freshVolume(String options) throws Exception {
    Run first =
        start(
            EmbeddedAgent.localTask(
                "first", "touch data/secret; " + untilTold("first"), VOLUME, options));
    awaitStart(first, "first");
    Process holder = processIn(localMountOf(VOLUME));
    try {
      tellToEnd("first");
      awaitEnd(first);

      Run second =
          start(EmbeddedAgent.localTask("second", "ls data; echo second runs", VOLUME, options));
      awaitEnd(second);

      Outcome.unless(
          !second.output().contains("secret"), "the next task sees the files of the last one");
    } finally {
      int unused = holder.destroyForcibly().waitFor();
    }
    Run last = start(keeper());
    eventually("the volume is unmounted", () -> !isMounted(localMountOf(VOLUME)));
    endKeeper(last);
    assertEquals(List.of(), records(VOLUME));
  }

  /**
   * A24. In 0.1.0 the record is dropped since the mount is gone, and the Unmount that is still
   * under way hits the next task's volume.
   */
  @Test
  void a24AnUnmountThatIsStillUnderWayHitsNoOtherTasksVolume() throws Exception {
    PluginProcess plugin = plugin("--users=none", "--path=mounted");
    shortTimeouts(3); // the next agent starts while the Unmount is in doubt
    plugin.tell("Unmount 1 times: until late; do; answer");
    Run first = start(on(VOLUME, "first", untilTold("first")), keeper());
    awaitStart(first, "first");
    tellToEnd("first");
    eventually("Unmount was sent", () -> plugin.calls("Unmount", VOLUME).size() == 1);
    mounts.unmount(mountOf(VOLUME));
    kill(first);

    Run second = start(on(VOLUME, "second", untilTold("second")), keeper());
    awaitDecision(second, "second");
    boolean runs = runs(second, "second");
    plugin.tell("go late");
    boolean hit = runs && within(timeout, () -> !isMounted(VOLUME));
    Outcome.unless(!hit, "the first task's Unmount has unmounted the second task's volume");
    tellToEnd("second");
    awaitEndOf("keeper");
    awaitEnd(second);
    Files.delete(folder().resolve("agent/end-keeper"));
    Run last = start(keeper());
    comesToRest(plugin, VOLUME);
    endKeeper(last);
  }

  /** A28. In 0.1.0 options conflict with none, but only when the task without any came first. */
  @Test
  void a28WhetherOptionsConflictDoesNotDependOnWhoComesFirst() throws Exception {
    PluginProcess plugin = plugin();
    boolean noneFirst = shared(plugin, "none-first", "", "size=5");
    boolean someFirst = shared(plugin, "some-first", "size=5", "");
    Outcome.unless(
        noneFirst == someFirst,
        "options and none %s when the task without options comes first, and %s otherwise"
            .formatted(noneFirst ? "share" : "conflict", someFirst ? "share" : "conflict"));
  }

  /** Whether a task with the second options shares the volume of one with the first. */
  private boolean shared(PluginProcess plugin, String volume, String first, String second)
      throws Exception {
    Run killed =
        start(on(volume, "first-" + volume, untilTold("first-" + volume), optional(first)));
    awaitStart(killed, "first-" + volume);
    kill(killed);
    Run next =
        start(on(volume, "second-" + volume, untilTold("second-" + volume), optional(second)));
    String task = "second-" + volume;
    awaitDecision(next, task);
    boolean runs = runs(next, task);
    awaitEndOf("first-" + volume);
    tellToEnd(task);
    awaitEnd(next);
    Run last = start();
    awaitEnd(last);
    comesToRest(plugin, volume);
    return runs;
  }

  private static String[] optional(String options) {
    return options.isEmpty() ? new String[0] : new String[] {"DVDI_VOLUME_OPTS", options};
  }
}
