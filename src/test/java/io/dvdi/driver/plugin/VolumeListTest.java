// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
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

    List<Future<CallEnd>> mounts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String name = "volume-" + i;
      mounts.add(tasks.submit(() -> use(name, LONG)));
    }
    for (int i = 0; i < mounts.size(); i++) {
      assertEquals(mountedAt("/mnt/volume-" + i), mounts.get(i).get());
    }

    assertEquals(12, plugin.count("List"));
    assertEquals(12, plugin.count("Create"));
    assertTrue(most.get() <= VolumeList.AT_A_TIME, most + " at a time");
  }

  @Test
  void whoseTurnDoesNotComeIsToldAtItsDeadlineAndNothingIsKnown() throws Exception {
    plugin.on("List", plugin.hang());
    List<Future<CallEnd>> asking = everyTurnTaken();

    Told told = ask(Duration.ofSeconds(2));

    assertEquals(Existence.UNKNOWN, told.existence());
    assertTrue(
        told.words().contains("'stand-in' is still busy with List for other volumes after 2 s"),
        told.words());
    end(asking);
    assertEquals(0, plugin.count("Create"));
  }

  @Test
  void aPluginThatDoesNotAnswerHoldsUpNoOther() throws Exception {
    plugin.on("List", plugin.hang());
    List<Future<CallEnd>> asking = everyTurnTaken();

    try (StandInPlugin other = new StandInPlugin(folders.sockets().resolve("other.sock"))) {
      CallEnd unused = use(new VolumeId("other", "data"), Options.NONE, LONG.dividedBy(2));
      assertEquals(1, other.count("Create"));
    }

    end(asking);
  }

  private void end(List<Future<CallEnd>> asking) throws Exception {
    plugin.kill();
    for (Future<CallEnd> one : asking) {
      CallEnd unused = one.get();
    }
  }

  private List<Future<CallEnd>> everyTurnTaken() throws Exception {
    List<Future<CallEnd>> asking = new ArrayList<>();
    for (int i = 0; i < VolumeList.AT_A_TIME; i++) {
      String name = "volume-" + i;
      asking.add(tasks.submit(() -> use(name, LONG)));
    }
    Eventually.holds("all ask", () -> plugin.count("List") == VolumeList.AT_A_TIME);
    return asking;
  }

  private CallEnd use(String name, Duration time) {
    return use(new VolumeId("stand-in", name), Options.NONE, time);
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
