// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static io.dvdi.isolator.IsolatorFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that hangs keeps a thread, but neither a task nor its volume. */
class OverdueLookTest {
  @TempDir Path folder;

  IsolatorFixture host;
  HangingMounts mounts;

  @BeforeEach
  void start() throws IOException {
    host = new IsolatorFixture(folder);
    AtomicReference<HangingMounts> made = new AtomicReference<>();
    host.mounts = real -> made.updateAndGet(none -> new HangingMounts(real));
    host.renew();
    mounts = made.get();
  }

  @AfterEach
  void stop() throws IOException {
    mounts.answers.countDown();
    host.close();
  }

  @Test
  void aTaskIsToldAndTheVolumeIsUnmountedWhileALookStillHangs() {
    host.driver.beforeMount("a", () -> mounts.hangs = true);

    String failure = host.prepareFails(host.container("c1", "a"));

    assertTrue(failure.contains("does not answer"), failure);
    mounts.hangs = false;
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
  }

  @Test
  void anAnswerThatComesTooLateChangesNothing() throws InterruptedException {
    host.driver.beforeMount("a", () -> mounts.hangs = true);
    String unused = host.prepareFails(host.container("c1", "a"));
    mounts.hangs = false;
    eventually("it is unmounted", () -> host.mounts().isEmpty() && host.recordCount() == 0);
    host.driver.beforeMount("a", () -> {});
    host.prepare("c2", "a");

    mounts.answers.countDown();
    assertTrue(mounts.late.await(60, TimeUnit.SECONDS));

    host.prepare("c3", "a");
    host.cleanup("c2");
    assertEquals(List.of("a"), host.mounts());
    host.cleanup("c3");
    assertEquals(List.of(), host.mounts());
    assertEquals(2, host.driver.count("mount a"));
  }
}
