// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.DriverException;
import io.dvdi.driver.Mountpoint;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.testing.Eventually;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plugins with so many volumes that their lists would not fit into a small heap side by side. */
class VolumeListTest extends PluginFixture {
  private final ExecutorService tasks = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    tasks.shutdownNow();
  }

  @Test
  void aListIsReadWithoutMoreMemoryThanItsNamesTake() {
    String volumes =
        IntStream.range(0, 10_000)
            .mapToObj(
                i ->
                    "{\"Name\":\"volume-%d\",\"Mountpoint\":\"/mnt/%d\",\"Status\":{\"size\":%d,\"tags\":[\"a\",\"b\"],\"host\":\"%s\"}}"
                        .formatted(i, i, i, "h".repeat(200)))
            .collect(Collectors.joining(",", "{\"Volumes\":[", "]}"));
    byte[] body = volumes.getBytes(UTF_8);
    Plugin any = new Plugin(new PluginAddress.Unix(Path.of("/run/any.sock")), Optional.empty());
    assertEquals(VolumeList.Has.NO, VolumeList.find(Reply.of(any, 200, body), "data"));
    long before = allocated();

    assertEquals(VolumeList.Has.YES, VolumeList.find(Reply.of(any, 200, body), "volume-9999"));

    long bytes = allocated() - before;
    assertTrue(bytes < body.length, bytes + " bytes for " + body.length);
  }

  @Test
  void fewListsAreHadAtATimeAndEveryVolumeGetsItsOwn() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    plugin.on(
        "List",
        (request, out) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.sleep(50);
          now.decrementAndGet();
          out.write(json(200, "{\"Volumes\":[]}"));
        });

    List<Future<Mountpoint>> mounts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String name = "volume-" + i;
      mounts.add(tasks.submit(() -> mount(name, LONG)));
    }
    for (Future<Mountpoint> mount : mounts) {
      assertTrue(mount.get().path().startsWith("/mnt"));
    }

    assertEquals(12, plugin.count("List"));
    assertEquals(12, plugin.count("Create"));
    assertTrue(most.get() <= VolumeList.AT_A_TIME, most + " at a time");
  }

  @Test
  void whoseTurnDoesNotComeIsToldAtItsDeadlineAndNothingIsCreated() throws Exception {
    plugin.on("List", plugin.hang());
    List<Future<?>> asking = everyTurnTaken();

    DriverException e =
        assertThrows(DriverException.class, () -> mount("late", Duration.ofMillis(300)));

    assertTrue(
        e.toString().contains("'stand-in' is still busy with List for other volumes after 300 ms"),
        e.toString());
    assertFalse(e.isUncertain());
    asking.forEach(one -> assertThrows(Exception.class, one::get));
    assertEquals(0, plugin.count("Create"));
  }

  @Test
  void aPluginThatDoesNotAnswerHoldsUpNoOther() throws Exception {
    plugin.on("List", plugin.hang());
    List<Future<?>> asking = everyTurnTaken();

    try (StandInPlugin other = new StandInPlugin(folders.sockets().resolve("other.sock"))) {
      mount(new VolumeId("other", "data"), LONG);
      assertEquals(1, other.count("Create"));
    }

    asking.forEach(one -> assertThrows(Exception.class, one::get));
  }

  private List<Future<?>> everyTurnTaken() throws Exception {
    List<Future<?>> asking = new ArrayList<>();
    for (int i = 0; i < VolumeList.AT_A_TIME; i++) {
      String name = "volume-" + i;
      asking.add(tasks.submit(() -> mount(name, Duration.ofSeconds(3))));
    }
    Eventually.holds("all ask", () -> plugin.count("List") == VolumeList.AT_A_TIME);
    return asking;
  }

  private Mountpoint mount(String name, Duration time) throws DriverException {
    return mount(new VolumeId("stand-in", name), time);
  }

  private Mountpoint mount(VolumeId id, Duration time) throws DriverException {
    return driver.mount(
        new VolumeDriver.Mount(id, Options.NONE, false, "id-1", Deadline.after(time)));
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
