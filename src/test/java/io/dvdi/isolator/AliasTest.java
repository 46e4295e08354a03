// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One volume that its driver knows by two names, such as Data and data. */
class AliasTest extends RunningIsolator {
  enum Shows {
    /** When it is asked about the volume. */
    BY_NAME,
    /** By the path that it names before it mounts anything. */
    BY_PATH,
    /** Only by where it has mounted it. */
    AFTER_MOUNT
  }

  @BeforeEach
  void twoNames() {
    host.driver.alias("Data", "data");
  }

  private void driver(Shows shows) {
    switch (shows) {
      case BY_NAME -> host.driver.tellsNames();
      case BY_PATH -> {}
      case AFTER_MOUNT -> host.driver.tellsNoPaths();
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoTasksThatWriteEachTheirsShareItUntilTheLastEnds(Shows shows) {
    driver(shows);
    Map<String, String> first = host.prepare("c1", "Data").environment();
    assertEquals(first, host.prepare("c2", "data").environment());

    host.cleanup("c1");
    assertEquals(List.of("data"), host.mounts());
    host.restart("c2");
    assertEquals(List.of("data"), host.mounts());
    host.cleanup("c2");

    eventually("nothing is left", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  /** Drivers that tell names are sent the one that the task wrote, and the same at the end. */
  @Test
  void theDriverHearsTheNameThatTheFirstTaskWrote() {
    host.driver.tellsNames();
    host.prepare("c1", "Data");
    host.prepare("c2", "data");
    host.cleanup("c1");
    host.cleanup("c2");

    assertEquals(List.of("mount Data", "unmount Data"), host.driver.calls);
  }

  @Test
  void whatTheOtherNameHasMountedIsNotUnmountedBeforeItsTasksEnd() {
    driver(Shows.AFTER_MOUNT);
    host.prepare("c1", "data");
    host.prepare("c2", "Data");
    host.cleanup("c2");
    assertEquals(List.of("data"), host.mounts());
    assertEquals(0, host.driver.count("unmount Data"));
    host.cleanup("c1");

    eventually("nothing is left", () -> host.mounts().isEmpty() && host.recordCount() == 0);
    assertEquals(1, host.driver.count("unmount data"));
  }

  /** As many as want to: the driver gets each of their Mounts back. */
  @ParameterizedTest
  @EnumSource
  void manyTasksThatStartAtOnceShareItUnderAnyName(Shows shows) {
    driver(shows);
    host.driver.alias("DATA", "data");
    List<CompletableFuture<Launch>> launches = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      String name = List.of("data", "Data", "DATA").get(i % 3);
      launches.add(host.isolator.prepare(host.container("c" + i, name)));
    }
    Set<String> running = new HashSet<>();
    for (int i = 0; i < 9; i++) {
      try {
        launches.get(i).get(30, TimeUnit.SECONDS);
        running.add("c" + i);
      } catch (ExecutionException e) {
        // The other name's Mount came first, which that driver does not say.
        assertTrue(shows == Shows.AFTER_MOUNT, () -> "c is refused: " + e.getCause());
      } catch (InterruptedException | TimeoutException e) {
        throw new AssertionError(e);
      }
    }
    assertTrue(!running.isEmpty(), "nobody gets the volume");
    assertEquals(List.of("data"), host.mounts());
    List<String> left = new ArrayList<>(running);
    while (left.size() > 1) {
      host.cleanup(left.remove(0));
      assertEquals(List.of("data"), host.mounts());
    }
    host.cleanup(left.get(0));
    eventually("nothing is left", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  /** What is on record needs no question to the driver. */
  @Test
  void aNameOnRecordIsSharedWhileTheDriverDoesNotAnswer() {
    host.driver.tellsNames();
    Map<String, String> first = host.prepare("c1", "Data").environment();
    host.restart("c1");
    host.driver.silent(true);
    assertEquals(first, host.prepare("c2", "Data").environment());
    host.driver.silent(false);
    host.cleanup("c1");
    host.cleanup("c2");
    eventually("nothing is left", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  /** The next agent finds two mount IDs of one mount, in two records. */
  @Test
  void aRestartBetweenTwoMountsOfOneVolumeTakesItFromNobody() {
    driver(Shows.AFTER_MOUNT);
    host.prepare("c1", "data");
    host.prepare("c2", "Data");
    host.cleanup("c2");
    host.restart("c1");
    assertEquals(List.of("data"), host.mounts());
    assertEquals(List.of(), host.driver.calls.stream().filter(c -> c.startsWith("un")).toList());
    host.cleanup("c1");
    eventually("nothing is left", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void aTaskThatWritesBothIsToldToAskOnce(Shows shows) {
    driver(shows);
    String failure = host.prepareFails(host.container("c1", "Data", "data"));
    assertTrue(failure.contains("one volume") || failure.contains("where it has"), failure);
    nothingIsLeft();
  }
}
