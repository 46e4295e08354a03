// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import io.dvdi.testing.RealMounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Files that the next agent finds, and that are not as they should be. */
class RecordFilesIT extends RegressionFixture {
  /** A21. In 0.1.0 a NullPointerException ends the recovery of all volumes. */
  @Test
  void a21ARecordThatIsNestedTooDeepCostsNoOtherVolume() throws Exception {
    Path folder = recordsOfAnEndedTask();
    Files.writeString(folder.resolve("scripted-nested.json"), "[".repeat(2000));
    othersAreRecovered();
  }

  /** A21. In 0.1.0 an OutOfMemoryError ends the recovery of all volumes. */
  @Test
  void a21ARecordThatIsTooLongCostsNoOtherVolume() throws Exception {
    Path file = recordsOfAnEndedTask().resolve("scripted-long.json");
    RealMounts.run("truncate", "--size=100M", file.toString());
    othersAreRecovered();
  }

  /** A21. In 0.1.0 an OutOfMemoryError ends the recovery of all volumes. */
  @Test
  void a21AListOfMesosModuleDvdiThatIsTooLongCostsNoVolume() throws Exception {
    Path unused = recordsOfAnEndedTask();
    byte[] mountsOfNothing = new byte[(16 << 20) - 8];
    for (int i = 0; i < mountsOfNothing.length; i += 2) {
      mountsOfNothing[i] = (1 << 3) | 2;
    }
    Path list = Files.write(folder().resolve("dvdimounts.pb"), mountsOfNothing);
    agent().parameter("import_dvdimounts", list.toString());
    othersAreRecovered();
  }

  /** The folder of the record of a volume whose task has ended since its agent was killed. */
  private Path recordsOfAnEndedTask() throws Exception {
    Run killed = start(EmbeddedAgent.localTask("t", untilTold("t"), VOLUME, "type=tmpfs"));
    awaitStart(killed, "t");
    kill(killed);
    awaitEndOf("t");
    assertEquals(1, records(VOLUME).size());
    return Objects.requireNonNull(records(VOLUME).get(0).getParent());
  }

  private void othersAreRecovered() throws Exception {
    Run next = start(keeper());
    eventually("the agent has recovered", () -> decided(next, "keeper"));
    boolean recovered =
        within(
            Duration.ofSeconds(10),
            () -> !isMounted(localMountOf(VOLUME)) && records(VOLUME).isEmpty());
    Outcome.unless(recovered, "another volume is not recovered: it stays mounted");
    Outcome.unless(runs(next, "keeper"), "no task gets a volume any more");
    endKeeper(next);
  }

  /** A25. In 0.1.0 the record is set aside, and the volume mounted again. */
  @Test
  void a25AVolumeWhoseRecordIsBrokenIsNotMountedAgain() throws Exception {
    PluginProcess plugin = plugin("--users=count", "--again=stack");
    Run killed = start(on(VOLUME, "first", untilTold("first")), keeper());
    awaitStart(killed, "first");
    awaitStart(killed, "keeper");
    kill(killed);
    byte[] broken = Files.readAllBytes(records(VOLUME).get(0));
    Files.write(records(VOLUME).get(0), Arrays.copyOf(broken, broken.length / 2));
    awaitEndOf("keeper");
    Files.delete(folder().resolve("agent/end-keeper"));

    Run second = start(on(VOLUME, "second", "echo second runs"), keeper());
    eventually(
        "it is decided about the tasks",
        () -> decided(second, "second") && decided(second, "keeper"));

    int mounted = plugin.calls("Mount", VOLUME).size();
    Outcome.unless(
        mounted == 1, "the driver is told to mount again what a running task has mounted");
    Outcome.unless(runs(second, "keeper"), "another volume is not recovered");
    Outcome.unless(
        plugin.calls("Unmount", VOLUME).isEmpty(), "a running task's volume is unmounted");
    endKeeper(second);
    awaitEndOf("first");
  }
}
