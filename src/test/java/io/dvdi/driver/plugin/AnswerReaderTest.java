// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.testing.Eventually;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of answers, some of which would not fit into a small heap. */
class AnswerReaderTest extends PluginFixture {
  private final ExecutorService tasks = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    tasks.shutdownNow();
  }

  @Test
  void aListIsReadWithoutMoreMemoryThanItsNamesTake() throws Exception {
    String volumes =
        IntStream.range(0, 10_000)
            .mapToObj(
                i ->
                    "{\"Name\":\"volume-%d\",\"Mountpoint\":\"/mnt/%d\",\"Status\":{\"size\":%d,\"tags\":[\"a\",\"b\"],\"host\":\"%s\"}}"
                        .formatted(i, i, i, "h".repeat(200)))
            .collect(Collectors.joining(",", "{\"Volumes\":[", "]}"));
    byte[] body = volumes.getBytes(UTF_8);
    assertEquals(VolumeList.Has.NO, found(body, "data"));
    long before = allocated();

    assertEquals(VolumeList.Has.YES, found(body, "volume-9999"));

    long bytes = allocated() - before;
    assertTrue(bytes < body.length, bytes + " bytes for " + body.length);
  }

  private static VolumeList.Has found(byte[] body, String volume) throws IOException {
    VolumeList list = new VolumeList(volume);
    assertTrue(read(200, body, list).failure().isEmpty());
    return list.has();
  }

  private static Reply read(int status, byte[] body, AnswerReader.Volumes volumes)
      throws IOException {
    Plugin any = new Plugin(new PluginAddress.Unix(Path.of("/run/any.sock")), Optional.empty());
    return Reply.read(any, status, new ByteArrayInputStream(body), volumes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Volumes\":[[]%s]}",
        "{\"Volume\":[[]%s]}",
        "{\"Volume\":{\"Name\":\"data\",\"Status\":{\"Mounts\":[[]%s]}}}",
        "{\"Volume\":{\"Name\":\"data\",\"Status\":{\"Other\":[[]%s]}}}",
        "{\"Implements\":[[]%s]}",
        "{\"Mountpoint\":[[]%s]}",
        "{\"Err\":[[]%s]}",
        "[[]%s]"
      })
  void megabytesOfListsTakeLittleMemory(String form) throws Exception {
    byte[] body = form.formatted(",[]".repeat(2_700_000)).getBytes(UTF_8);
    Reply unused = read(200, "{}".getBytes(UTF_8), new VolumeList("data"));
    long before = allocated();

    unused = read(200, body, new VolumeList("data"));

    long bytes = allocated() - before;
    assertTrue(bytes < 1 << 20, bytes + " bytes for " + body.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Implements\":[0%s]}",
        "{\"Mountpoint\":\"/mnt/%s\"}",
        "{\"Volume\":{\"Status\":{\"Mounts\":[\"a\"%s]}}}"
      })
  void whatMattersAndIsTooLargeIsNoAnswer(String form) throws Exception {
    byte[] body = form.formatted(",1".repeat(40_000)).getBytes(UTF_8);

    Reply reply = read(200, body, AnswerReader.Volumes.UNUSED);

    assertFalse(reply.isReadable());
    assertTrue(reply.failure().orElseThrow().contains("an answer that is too large"));
  }

  @Test
  void anAnswerNestedTooDeeplyIsNone() throws Exception {
    byte[] body = ("{\"Other\":" + "[".repeat(101) + "]".repeat(101) + "}").getBytes(UTF_8);

    assertFalse(read(200, body, AnswerReader.Volumes.UNUSED).isReadable());
  }

  @Test
  void ofOneNameTheLastWinsUnlessItIsNull() throws Exception {
    byte[] body =
        "{\"err\":\"no\",\"ERR\":null,\"Volume\":{\"Name\":\"a\",\"NAME\":\"b\",\"Volumes\":7}}"
            .getBytes(UTF_8);

    Reply reply = read(500, body, AnswerReader.Volumes.UNUSED);

    assertEquals(Optional.of("no"), reply.failure());
    assertEquals("{\"Err\":\"no\",\"Volume\":{\"Name\":\"b\"}}", reply.content().toString());
  }

  @Test
  void everyVolumeGetsItsOwnAnswer() throws Exception {
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
  }

  @Test
  void answersThatDoNotEndHoldUpOnlyThoseOfTheirPlugin() throws Exception {
    plugin.on(
        "List",
        (request, out) -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".getBytes(UTF_8));
          plugin.end.await();
        });
    List<Future<CallEnd>> asking = new ArrayList<>();
    for (int i = 0; i < Exchange.MOST_READERS; i++) {
      String name = "volume-" + i;
      asking.add(tasks.submit(() -> use(name, LONG)));
    }
    Eventually.holds("all ask", () -> plugin.count("List") == Exchange.MOST_READERS);

    Told told = ask(Duration.ofSeconds(5));
    assertEquals(Existence.NO_ANSWER, told.existence());
    assertTrue(told.words().contains("it took longer than 5 s"), told.words());
    try (StandInPlugin other = new StandInPlugin(folders.sockets().resolve("other.sock"))) {
      CallEnd unused = use(new VolumeId("other", "data"), Options.NONE, LONG.dividedBy(2));
      assertEquals(1, other.count("Create"));
    }

    plugin.kill();
    for (Future<CallEnd> one : asking) {
      CallEnd unused = one.get();
    }
    assertEquals(0, plugin.count("Create"));
  }

  private CallEnd use(String name, Duration time) {
    return use(new VolumeId("stand-in", name), Options.NONE, time);
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
