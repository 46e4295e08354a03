// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Mounts that are not the module's, at the path that a driver names. */
class ForeignMountIT extends RegressionFixture {
  private static final String SLOW = "slow";

  /** A19. In 0.1.0 the task gets it, and after the task the module unmounts it. */
  @Test
  void a19AFileSystemOfTheKernelIsNoVolume() throws Exception {
    Path proc = mounts.newFolder("proc");
    mounts.mount("-t", "proc", "proc", proc.toString());
    isLeftAlone(proc);
  }

  /** A19. In 0.1.0 the task gets it, and after the task the module unmounts it. */
  @Test
  void a19ATmpfsOfTheHostIsNoVolume() throws Exception {
    isLeftAlone(mounts.tmpfs("tmpfs", "size=1m"));
  }

  /** A19. In 0.1.0 the task gets it, and after the task the module unmounts it. */
  @Test
  void a19TheVolumeOfAnotherDriverIsNoVolume() throws Exception {
    String other =
        EmbeddedAgent.localTask("other", untilTold("other"), VOLUME, "type=tmpfs,o=size=1m");
    Run killed = start(other);
    awaitStart(killed, "other");
    kill(killed);
    isLeftAlone(localMountOf(VOLUME));
    awaitEndOf("other");
    awaitEnd(start());
  }

  /** The driver says that its volume is mounted there, and that it does not have to unmount it. */
  private void isLeftAlone(Path at) throws Exception {
    agent().parameter("volume_owner", "task");
    PluginProcess plugin = plugin();
    plugin.tell("create '%s'".formatted(VOLUME)); // from now on, it names another path for it
    plugin.tell("Mount: answer " + at);
    plugin.tell("Unmount: refuse volume is not mounted");
    String owner = ownerOf(at);
    Run run = start(asNobody(on(VOLUME, "t", "echo t runs")), keeper());
    awaitStart(run, "keeper");
    awaitDecision(run, "t");
    // Through some tries to unmount it.
    boolean gone = within(Duration.ofSeconds(5), () -> !isMounted(at));
    Outcome.unless(!gone, "the module has unmounted what its driver had not mounted");
    Outcome.unless(owner.equals(ownerOf(at)), "the module has changed the owner of another mount");
    Outcome.unless(!runs(run, "t"), "the task gets another mount");
    endKeeper(run);
    awaitEnd(start());
    Outcome.unless(isMounted(at), "the next agent has unmounted what its driver had not mounted");
  }

  /** A19. In 0.1.0 its owner is changed, which the other client relies on. */
  @Test
  void a19AVolumeThatAnotherClientHasMountedKeepsItsOwner() throws Exception {
    agent().parameter("volume_owner", "task");
    PluginProcess plugin = plugin();
    plugin.tell("create '%s'".formatted(VOLUME));
    plugin.tell("mount '%s' another-client".formatted(VOLUME));
    String owner = ownerOf(mountOf(VOLUME));

    Run run = start(asNobody(on(VOLUME, "t", "echo t runs")));

    awaitEnd(run);
    assertEquals("t runs\n", run.output(), run.logText());
    Outcome.unless(
        owner.equals(ownerOf(mountOf(VOLUME))), "the owner of another client's volume is changed");
    plugin.tell("unmount '%s' another-client".formatted(VOLUME));
  }

  private static String asNobody(String task) {
    return task.replace("\"command\":{", "\"command\":{\"user\":\"nobody\",");
  }

  private static String ownerOf(Path path) throws Exception {
    return RealMounts.run("stat", "--format=%u:%g", path.toString());
  }

  /**
   * A27. In 0.1.0 the task gets whatever is at the path by then. The volume is verified, and the
   * container still waits for its other one.
   */
  @Test
  void a27AMountThatCoversAVolumeBeforeTheTaskStartsIsNotGivenToIt() throws Exception {
    PluginProcess plugin = plugin();
    plugin.tell("Mount 'slow': until told; do; answer");
    Run run =
        start(
            on(
                VOLUME,
                "t",
                "echo t runs; ls data",
                "DVDI_VOLUME_NAME1",
                SLOW,
                "DVDI_VOLUME_DRIVER1",
                "scripted"));
    Path path = mountOf(VOLUME);
    eventually(
        "the first volume is verified", () -> run.logText().contains("is mounted at " + path));
    mounts.mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", path.toString());
    Files.createFile(path.resolve("somebody-elses"));

    plugin.tell("go told");
    awaitEnd(run);

    Outcome.unless(
        !run.output().contains("somebody-elses"),
        "the task got what somebody else had mounted over its volume");
    assertNotEquals(0, status(run));
    assertTrue(run.logText().contains("Cannot bind " + path), run.logText());
    mounts.unmount(path);
    Run last = start(keeper());
    comesToRest(plugin, VOLUME);
    comesToRest(plugin, SLOW);
    endKeeper(last);
  }
}
