// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two agents on one host, each with its own state_dir, and one local_dir. */
class SharedLocalDirIT extends RegressionFixture {
  private static final int ROUNDS = 25;

  private EmbeddedAgent other;

  @BeforeEach
  void createOther() throws Exception {
    other =
        new EmbeddedAgent(mounts.newFolder("other"))
            .parameter("local_dir", folder().resolve("agent/local").toString())
            .parameter("jvm_options", "-XX:+DisableAttachMechanism");
  }

  @AfterEach
  void closeOther() {
    other.close();
  }

  /**
   * A15. In 0.1.0 both make the same file system, or each mounts it by a loop device of its own,
   * which destroys it, or one unmounts what the other has mounted.
   */
  @Test
  void a15TwoAgentsDoNotDamageEachOthersVolumes() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String volume = "round-" + round;
      Run one = start(task("one-" + round, volume));
      Run two = other.start(task("two-" + round, volume));
      awaitDecision(one, "one-" + round);
      awaitDecision(two, "two-" + round);
      boolean oneRuns = runs(one, "one-" + round);
      boolean twoRuns = runs(two, "two-" + round);
      boolean gone = within(Duration.ofMillis(300), () -> !isMounted(localMountOf(volume)));
      Outcome.unless(oneRuns || twoRuns, "neither agent can mount the volume any more");
      Outcome.unless(!gone, "a running task's volume is unmounted");
      Outcome.unless(mounts.loopDevices().size() == 1, "one file system has two loop devices");
      tellToEnd("one-" + round);
      tellToEnd("two-" + round);
      Outcome.unless(status(one) == 0 || !oneRuns, "the first agent's task failed");
      Outcome.unless(status(two) == 0 || !twoRuns, "the second agent's task failed");
      Outcome.unless(!isMounted(localMountOf(volume)), "the volume stays mounted");
      eventually("the loop device is free", () -> mounts.loopDevices().isEmpty());
      isWhole(localMountOf(volume).resolveSibling("image"));
    }
    assertEquals(List.of(), records("round-0"));
  }

  private String task(String name, String volume) {
    return EmbeddedAgent.localTask(
        name,
        "echo %1$s > data/%1$s; sync; %2$s; grep -q %1$s data/%1$s"
            .formatted(name, untilTold(name)),
        volume,
        "size=1");
  }

  private static void isWhole(Path image) throws Exception {
    Process check =
        new ProcessBuilder("e2fsck", "-fn", image.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Outcome.unless(check.waitFor() == 0, "the file system is damaged");
    Files.delete(image);
  }
}
