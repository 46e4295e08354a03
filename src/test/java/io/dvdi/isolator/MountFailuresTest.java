// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static io.dvdi.isolator.IsolatorFixture.failure;
import static io.dvdi.isolator.ScriptedDriver.refuse;
import static io.dvdi.isolator.ScriptedDriver.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
import io.dvdi.linux.MountCalls;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drivers that refuse a mount, lie about it, or throw. */
class MountFailuresTest extends RunningIsolator {
  @Test
  void oneOfThreeVolumesFailsAndNothingIsLeft() {
    host.driver.insteadOfMount("b", refuse("the array says no"));
    String failure = host.prepareFails(host.container("c1", "a", "b", "c"));
    assertTrue(
        failure.contains("'b' (driver tmp)") && failure.contains("the array says no"), failure);
    nothingIsLeft();
    assertEquals(0, host.recordCount());
    // None of them, if b is refused before they are mounted.
    assertEquals(host.driver.count("mount a"), host.driver.count("unmount a"));
    assertEquals(host.driver.count("mount c"), host.driver.count("unmount c"));
  }

  @Test
  void aRefusedMountFailsItsTaskAtOnceWhileAnotherTakesItsTime() {
    CountDownLatch answers = new CountDownLatch(1);
    host.driver.insteadOfMount("a", refuse("the array says no")).beforeMount("b", waitFor(answers));
    String failure = host.prepareFails(host.container("c1", "a", "b"));
    assertTrue(failure.contains("the array says no"), failure);
    answers.countDown();
    eventually("b is undone", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void undoGoesOnToTheEndWhenOneUnmountFailsAndThatOneIsTriedAgain() {
    CountDownLatch repaired = new CountDownLatch(1);
    host.driver.insteadOfMount("b", refuse("no"));
    host.driver.beforeUnmount(
        "c",
        () -> {
          if (repaired.getCount() > 0) {
            throw DriverException.failed("busy");
          }
        });
    host.prepareFails(host.container("c1", "a", "b", "c"));
    host.cleanup("c1");
    // Which of them the container already had depends on the order in which the driver answered.
    eventually(
        "the other one is undone",
        () -> host.mounts().equals(List.of("c")) && host.recordCount() == 1);
    repaired.countDown();
    eventually("c is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void aDriverThatSaysMountedWithoutMountingIsNotBelieved() {
    host.driver.insteadOfMount("a", () -> {});
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(
        failure.contains("plain directory of the host") && failure.contains("plain_directories"),
        failure);
    nothingIsLeft();
  }

  @Test
  void aVolumeThatIsReadOnlyIsRefusedToATaskThatWrites() {
    host.driver.tmpfs("a", "ro");
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("read-only"), failure);
    nothingIsLeft();
  }

  @Test
  void aMountWhoseOutcomeIsUnknownIsUndone() {
    host.driver.insteadOfMount(
        "a",
        () -> {
          try {
            MountCalls.mount("tmpfs", host.driver.path("a"), "tmpfs", 0, null);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          throw DriverException.uncertain("the connection broke", new IOException());
        });
    String failure = host.prepareFails(host.container("c1", "a"));
    assertTrue(failure.contains("the connection broke"), failure);
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        OutOfMemoryError.class,
        StackOverflowError.class,
        NoClassDefFoundError.class
      })
  void aDriverThatThrowsAnythingFailsTheTaskAndTheVolumeCanBeUsedAfterwards(
      Class<? extends Throwable> kind) {
    host.driver.insteadOfMount(
        "a",
        () -> {
          try {
            throw ScriptedThrow.sneak(
                kind.getConstructor(String.class).newInstance("thrown by the driver"));
          } catch (ReflectiveOperationException e) {
            throw new LinkageError("no such constructor", e);
          }
        });
    String failure = failure(host.isolator.prepare(host.container("c1", "a")));
    String reason = kind == OutOfMemoryError.class ? "raise -Xmx" : "thrown by the driver";
    assertTrue(failure.contains(reason), failure);
    nothingIsLeft();
    host.driver.insteadOfMount("a", null);
    host.prepare("c2", "a");
    assertEquals(List.of("a"), host.mounts());
  }

  @Test
  void aContainerIsAnsweredAlsoWhenThereWasNoMemoryForAWhile() {
    host.noMemory.set(6);
    assertEquals(
        host.driver.path("a").toString(),
        host.prepare("c1", "a").environment().get("DVDI_VOLUME_MOUNTPOINT0"));
    host.noMemory.set(6);
    host.cleanup("c1");
    nothingIsLeft();
  }

  @Test
  void aContainerIsAnsweredAlsoWhenAClassIsMissing() {
    host.notLoaded = "container c1 has";
    String failure = failure(host.isolator.prepare(host.container("c1", "a")));
    assertTrue(failure.contains("restart the agent"), failure);
    host.notLoaded = "";
    host.cleanup("c1");
    nothingIsLeft();
  }
}
