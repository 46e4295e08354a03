// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static io.dvdi.isolator.ScriptedDriver.refuse;
import static io.dvdi.isolator.ScriptedDriver.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.linux.MountCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Drivers that refuse an unmount, lie about it, or hang in it. */
class UnmountFailuresTest extends RunningIsolator {
  @Test
  void cleanupSucceedsWhenAnUnmountFailsAndTheUnmountIsTriedAgain() {
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", refuse("the array is away"));
    host.cleanup("c1");
    assertEquals(List.of("a"), host.mounts());
    assertTrue(
        host.log.stream().anyMatch(l -> l.startsWith("ERROR") && l.contains("the array is away")));
    eventually("it is tried again", () -> host.driver.count("unmount a") >= 3);
    host.driver.insteadOfUnmount("a", null);
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
    long tries = host.driver.count("unmount a");
    host.prepare("c2", "a");
    assertEquals(tries, host.driver.count("unmount a"));
  }

  @Test
  void aVolumeWhoseUnmountFailedIsMountedAnewForTheNextTaskWithAnotherId() {
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", refuse("busy"));
    host.cleanup("c1");
    host.prepare("c2", "a");
    assertEquals(2, host.driver.mountIds.getOrDefault("a", List.of()).stream().distinct().count());
    host.driver.insteadOfUnmount("a", null);
    host.cleanup("c2");
    nothingIsLeft();
    assertTrue(host.log.stream().noneMatch(l -> l.contains("somebody else")), host.log::toString);
    assertTrue(host.log.stream().anyMatch(l -> l.contains("is unmounted from")));
  }

  @Test
  void aDriverThatSaysUnmountedWithoutUnmountingIsNotBelievedAndNotToldAgain() throws Exception {
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", () -> {});
    host.cleanup("c1");
    assertEquals(1, host.recordCount());
    assertTrue(
        host.log.stream().anyMatch(l -> l.startsWith("ERROR") && l.contains("but it still is")));
    // A plugin that counts would take a second Unmount for that of another client.
    Thread.sleep(200);
    host.restart();
    assertEquals(1, host.driver.count("unmount a"));
    assertEquals(1, host.recordCount());
    MountCalls.unmount(host.driver.path("a"));
    eventually("it is seen to be gone", () -> host.recordCount() == 0);
  }

  @Test
  void aVolumeThatWasGivenUpIsMountedAnewForTheNextContainer() throws Exception {
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", () -> {});
    host.cleanup("c1");
    // As its other user would, in the end.
    MountCalls.unmount(host.driver.path("a"));
    host.driver.insteadOfUnmount("a", null);
    host.prepare("c2", "a");
    assertEquals(2, host.driver.count("mount a"));
    host.cleanup("c2");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
  }

  @Test
  void aDriverThatFailsToUnmountWhatIsGoneIsOnlyWarnedAbout() throws IOException {
    host.prepare("c1", "a");
    MountCalls.unmount(host.driver.path("a"));
    host.cleanup("c1");
    assertEquals(0, host.recordCount());
    assertTrue(
        host.log.stream()
            .anyMatch(
                l -> l.startsWith("WARNING") && l.contains("somebody else has unmounted it")));
  }

  @Test
  void aMountThatItsDriverHasForgottenIsUnmountedWithoutIt() {
    host.driver.forgetful();
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", refuse("volume is not mounted"));
    host.cleanup("c1");
    assertEquals(List.of(), host.mounts());
    assertEquals(0, host.recordCount());
    assertTrue(host.log.stream().anyMatch(l -> l.contains("the module has unmounted it")));
  }

  @Test
  void aMountThatItsDriverHasForgottenAndAProcessUsesIsReportedAndTriedAgainAfterPauses()
      throws Exception {
    host.driver.forgetful();
    host.prepare("c1", "a");
    host.driver.insteadOfUnmount("a", refuse("volume is not mounted"));
    Process user =
        new ProcessBuilder("sleep", "60").directory(host.driver.path("a").toFile()).start();
    try {
      host.cleanup("c1");
      eventually(
          "it is said",
          () ->
              host.log.stream()
                  .anyMatch(l -> l.startsWith("ERROR") && l.contains("could not be unmounted")));
      assertEquals(List.of("a"), host.mounts());
    } finally {
      user.destroyForcibly().waitFor();
    }
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void anUnmountThatHangsDoesNotHoldCleanupBeyondItsDeadline() {
    host.unmountTimeout = Duration.ofMillis(200);
    host.renew();
    CountDownLatch answers = new CountDownLatch(1);
    host.prepare("c1", "a");
    host.driver.beforeUnmount("a", waitFor(answers));
    host.cleanup("c1");
    assertEquals(1, host.recordCount());
    answers.countDown();
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }
}
