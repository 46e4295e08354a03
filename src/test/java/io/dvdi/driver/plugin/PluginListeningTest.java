// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeEvent.CutOff;
import io.dvdi.lifecycle.VolumeEvent.NotSent;
import io.dvdi.lifecycle.VolumeEvent.Succeeded;
import io.dvdi.testing.Eventually;
import io.dvdi.volume.Options;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A plugin that was told to do something is listened to until it answers or dies. */
@Timeout(60)
class PluginListeningTest extends PluginFixture {
  private final CountDownLatch answer = new CountDownLatch(1);

  private StandInPlugin.Habit late(String reply) {
    return (request, out) -> {
      answer.await();
      out.write(json(200, reply));
    };
  }

  /** In a thread of its own, as a call has one as long as it lasts. */
  private static CompletableFuture<CallEnd> inThread(Supplier<CallEnd> call) {
    CompletableFuture<CallEnd> end = new CompletableFuture<>();
    new Thread(() -> end.complete(call.get())).start();
    return end;
  }

  private CompletableFuture<CallEnd> started(String method, Supplier<CallEnd> call)
      throws Exception {
    CompletableFuture<CallEnd> end = inThread(call);
    Eventually.holds(method + " is sent", () -> plugin.count(method) == 1);
    return end;
  }

  /** Three times as long as the plugin may take for anything that ends at a time. */
  private void isStillListenedTo(CompletableFuture<CallEnd> end) {
    assertThrows(TimeoutException.class, () -> end.get(16, TimeUnit.SECONDS));
  }

  @Test
  void lateAnswersAreHeard() throws Exception {
    plugin
        .on("Create", late("{}"))
        .on("Mount", late("{\"Mountpoint\":\"/mnt/data\"}"))
        .on("Unmount", late("{}"));

    CompletableFuture<CallEnd> create = started("Create", () -> driver.create(DATA, Options.NONE));
    CompletableFuture<CallEnd> mount = started("Mount", this::mount);
    CompletableFuture<CallEnd> unmount = started("Unmount", this::unmount);
    isStillListenedTo(create);
    assertFalse(mount.isDone());
    assertFalse(unmount.isDone());
    answer.countDown();

    assertEquals(new Succeeded(), create.get(10, TimeUnit.SECONDS));
    assertEquals(mountedAt("/mnt/data"), mount.get(10, TimeUnit.SECONDS));
    assertEquals(new Succeeded(), unmount.get(10, TimeUnit.SECONDS));
    assertEquals(1, plugin.count("Mount"));
  }

  @Test
  void aPluginThatDiesLateIsNoticed() throws Exception {
    plugin.on("Mount", plugin.hangAfterHalf(json(200, "{\"Mountpoint\":\"/mnt/data\"}")));

    CompletableFuture<CallEnd> end = started("Mount", this::mount);
    assertThrows(TimeoutException.class, () -> end.get(2, TimeUnit.SECONDS));
    plugin.kill();

    assertTrue(cutOff(end.get(10, TimeUnit.SECONDS)).contains("did not answer VolumeDriver.Mount"));
  }

  @Test
  void waitingCostsNoProcessorTime() throws Exception {
    plugin.on("Mount", plugin.hang());
    Thread caller = new Thread(() -> assertInstanceOf(CutOff.class, mount()));
    caller.start();
    Eventually.holds("Mount is sent", () -> plugin.count("Mount") == 1);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getThreadCpuTime(caller.threadId());
    Thread.sleep(3_000);
    long used = threads.getThreadCpuTime(caller.threadId()) - before;
    plugin.kill();
    caller.join();

    assertTrue(used < TimeUnit.MILLISECONDS.toNanos(500), used + " ns");
  }

  private CallEnd interrupted(String method, Supplier<CallEnd> call) throws Exception {
    CompletableFuture<CallEnd> end = new CompletableFuture<>();
    Thread caller = new Thread(() -> end.complete(call.get()));
    caller.start();
    Eventually.holds(method + " is sent", () -> plugin.count(method) == 1);
    caller.interrupt();
    return end.get(10, TimeUnit.SECONDS);
  }

  @Test
  void anInterruptEndsWhatWasSent() throws Exception {
    plugin.on("Mount", plugin.hang()).on("Unmount", plugin.hang());

    assertTrue(cutOff(interrupted("Mount", this::mount)).endsWith("the module is closing"));
    assertTrue(cutOff(interrupted("Unmount", this::unmount)).endsWith("the module is closing"));
  }

  @Test
  void anInterruptBeforeThatSendsNothing() throws Exception {
    plugin.on("Plugin.Activate", plugin.hang());
    assertInstanceOf(NotSent.class, interrupted("Plugin.Activate", this::unmount));

    Thread.currentThread().interrupt();
    CallEnd end = mount();
    assertTrue(Thread.interrupted(), "the thread stays interrupted");
    assertTrue(notSent(end).contains("the module is closing"), end::toString);
    assertEquals(0, plugin.count("Mount"));
    assertEquals(0, plugin.count("Unmount"));
  }

  @Test
  void anInterruptEndsTheWaitForAPlugin() throws Exception {
    plugin.close();
    driver = driver(LONG);
    CompletableFuture<CallEnd> end = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> end.complete(driver.unmount(DATA, "id-1", Optional.empty(), Options.NONE)));
    caller.start();
    Thread.sleep(200);
    caller.interrupt();

    assertTrue(notSent(end.get(10, TimeUnit.SECONDS)).contains("the module is closing"));
  }
}
