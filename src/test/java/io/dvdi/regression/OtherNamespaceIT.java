// SPDX-License-Identifier: Apache-2.0
package io.dvdi.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dvdi.agent.EmbeddedAgent;
import io.dvdi.agent.EmbeddedAgent.Run;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The next agent runs in another mount namespace, as in a container, or after PrivateTmp= was set.
 */
class OtherNamespaceIT extends RegressionFixture {
  /** Of the mounts of the host, the agent sees all, and the host sees none of the agent's. */
  private static final Optional<String> AS_A_SERVICE = Optional.of("slave");

  private static final Optional<String> AS_THE_HOST = Optional.of("shared");
  private static final Optional<String> ON_THE_HOST = Optional.empty();

  private static final String ENDED = "it has ended by itself";

  /** A volume is checked at the agent's start, and 10 s later. */
  private static final Duration CHECKS = Duration.ofSeconds(12);

  @BeforeEach
  void share() throws Exception {
    mounts.mount("--bind", folder().toString(), folder().toString());
    mounts.mount("--make-shared", folder().toString());
    agent().parameter("lost_volumes", "kill");
    agent().parameter("watch_interval", "5secs"); // of 0.1.0
  }

  /** A4. In 0.1.0 the volume counts as gone, and the driver's ID stays for ever. */
  @Test
  void a4AVolumeIsRecognisedAndItsDriverIsTold() throws Exception {
    PluginProcess plugin = plugin();
    agent().namespace(AS_A_SERVICE);
    isShared(
        AS_A_SERVICE,
        on(VOLUME, "first", first()),
        on(VOLUME, "second", untilTold("second") + "; ls data"));
    comesToRest(plugin, VOLUME);
    assertEquals(1, plugin.calls("Mount", VOLUME).size());
    assertEquals(plugin.calls("Mount", VOLUME), plugin.calls("Unmount", VOLUME));
  }

  /** A4. The same for a driver that shows its IDs, as rclone does. */
  @Test
  void a4AVolumeOfADriverWithAnAccountIsRecognisedAndItsDriverIsTold() throws Exception {
    PluginProcess plugin = plugin("--account");
    isShared(
        AS_A_SERVICE,
        on(VOLUME, "first", first()),
        on(VOLUME, "second", untilTold("second") + "; ls data"));
    comesToRest(plugin, VOLUME);
    assertEquals(plugin.calls("Mount", VOLUME), plugin.calls("Unmount", VOLUME));
  }

  /** A4. In 0.1.0 the volume counts as gone, and what is at its path as somebody else's. */
  @Test
  void a4AnImageOfLocalIsRecognised() throws Exception {
    isShared(
        AS_THE_HOST,
        EmbeddedAgent.localTask("first", first(), VOLUME, "size=1"),
        EmbeddedAgent.localTask("second", untilTold("second") + "; ls data", VOLUME, "size=1"));
    assertFalse(isMounted(localMountOf(VOLUME)));
    assertEquals(List.of(), records(VOLUME));
    assertEquals(List.of(), mounts.loopDevices());
  }

  private String first() {
    return "touch data/file; " + untilTold("first") + "; echo " + ENDED;
  }

  private void isShared(Optional<String> namespace, String firstTask, String secondTask)
      throws Exception {
    Run killed = start(firstTask);
    awaitStart(killed, "first");
    kill(killed);

    agent().namespace(namespace);
    Run next = start(secondTask, keeper());
    awaitStart(next, "keeper");
    awaitDecision(next, "second");
    Outcome.unless(runs(next, "second"), "the volume counts as gone, and is refused");
    awaitEndOf("first");
    Outcome.unless(killed.output().contains(ENDED), "the first task was ended");
    tellToEnd("second");
    endKeeper(next);
    Outcome.unless(next.output().contains("file"), "the second task got another volume");
    Outcome.unless(status(next) == 0, "the second task was ended");

    agent().namespace(ON_THE_HOST);
    assertEquals(0, status(start()));
  }

  /**
   * A4. In 0.1.0 the task is ended. A service gets a new namespace at each start, in which what
   * `local` has mounted for its tasks is not to be seen.
   */
  @Test
  void a4AVolumeThatCanBeSeenInAnotherNamespaceOnlyIsNotLost() throws Exception {
    agent().namespace(AS_A_SERVICE);
    Run killed = start(EmbeddedAgent.localTask("first", first(), VOLUME, "size=1"));
    awaitStart(killed, "first");
    kill(killed);

    Run next = start(keeper());
    awaitStart(next, "keeper");
    boolean unused = within(CHECKS, () -> !isAlive("first"));
    awaitEndOf("first");
    Outcome.unless(
        killed.output().contains(ENDED), "the task was ended, as if its volume were lost");
    endKeeper(next);
    assertEquals(List.of(), records(VOLUME));
    eventually("its loop device is free", () -> mounts.loopDevices().isEmpty());

    Run last = start(EmbeddedAgent.localTask("last", "ls data", VOLUME, "size=1"));
    assertEquals(0, status(last), last.logText());
    assertEquals(
        "lost+found\nfile\n".lines().sorted().toList(), last.output().lines().sorted().toList());
  }
}
