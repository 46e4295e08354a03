// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.volume.Options;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Plugins that restart, are missing, or have a stale socket or a wrong spec file. */
class MissingPluginTest extends PluginFixture {
  @Test
  void aPluginThatIsRestartedIsFoundAgain() throws Exception {
    plugin.kill();
    driver = driver(LONG);
    CompletableFuture<CallEnd> mounted = CompletableFuture.supplyAsync(this::mount);
    Thread.sleep(200);
    plugin.close();
    Thread.sleep(200);
    plugin = new StandInPlugin(socket());

    assertEquals(mountedAt("/mnt/data"), mounted.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aStaleSocketIsSaidToBeOneAndNothingIsSent() throws Exception {
    plugin.kill();
    String words =
        socket() + " cannot be reached: connect: ECONNREFUSED (Connection refused); is it running?";

    assertTrue(notSent(mount()).endsWith(words));
    assertTrue(notSent(driver.create(DATA, Options.NONE)).endsWith(words));
    assertTrue(notSent(unmount()).endsWith(words));
    Told told = ask();
    assertFalse(told.answered());
    assertTrue(told.words().endsWith(words), told.words());
  }

  @Test
  void aMissingPluginIsSaidToBeMissing() throws Exception {
    plugin.close();

    String words = notSent(mount());

    assertTrue(
        words.startsWith("there is no plugin 'stand-in' (looked for: sockets " + socket()), words);
  }

  @Test
  void aPluginThatIsDescribedWronglyIsNotWaitedFor() throws Exception {
    plugin.close();
    driver = driver(LONG);
    Files.createDirectories(folders.specs().get(0));
    Files.writeString(folders.specs().get(0).resolve("stand-in.spec"), "nonsense");
    long start = System.nanoTime();

    assertTrue(notSent(mount()).contains("stand-in.spec has the address 'nonsense'"));
    assertFalse(ask().answered());
    assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(LONG) < 0);
  }
}
