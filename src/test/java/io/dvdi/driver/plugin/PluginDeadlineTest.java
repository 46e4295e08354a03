// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.chunked;
import static io.dvdi.driver.plugin.StandInPlugin.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.Told.Existence;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A plugin may hang anywhere: a question ends at its deadline all the same. */
class PluginDeadlineTest extends PluginFixture {
  private static final Duration SHORT = Duration.ofMillis(300);

  private Told asked() {
    return assertTimeoutPreemptively(Duration.ofSeconds(5), () -> ask(SHORT));
  }

  private String unanswered() {
    Told told = asked();
    assertFalse(told.answered());
    assertEquals(Existence.NO_ANSWER, told.existence());
    return told.words();
  }

  @Test
  void hangsInActivate() {
    plugin.on("Plugin.Activate", plugin.hang());

    String words = unanswered();

    assertTrue(words.endsWith("did not answer Plugin.Activate: it took longer than 300 ms"), words);
  }

  @Test
  void hangsInGet() {
    plugin.on("Get", plugin.hang());

    String words = unanswered();

    assertTrue(
        words.endsWith("did not answer VolumeDriver.Get: it took longer than 300 ms"), words);
    assertEquals(List.of("Plugin.Activate", "Get"), plugin.methods());
  }

  @Test
  void hangsInListAfterAnAnswerToGet() {
    plugin.on("List", plugin.hang());

    Told told = ask(Duration.ofSeconds(3));

    assertTrue(told.answered());
    assertEquals(Existence.UNKNOWN, told.existence());
    assertTrue(told.words().contains("did not answer VolumeDriver.List"), told.words());
  }

  @Test
  void hangsAfterHalfAReply() {
    plugin.on("Get", plugin.hangAfterHalf(json(200, "{\"Volume\":{\"Name\":\"data\"}}")));

    unanswered();
  }

  @Test
  void hangsAfterHalfAChunkedReply() {
    plugin.on("Get", plugin.hangAfterHalf(chunked("{\"Volume\":{\"Name\":\"data\"}}")));

    unanswered();
  }

  @Test
  void dripsAReply() {
    plugin.on(
        "Get",
        (request, out) -> {
          for (byte b : json(200, "{\"Volume\":{\"Name\":\"data\"}}")) {
            out.write(b);
            Thread.sleep(20);
          }
        });

    unanswered();
  }

  /** connect(2) blocks while the queue of a unix socket is full. */
  @Test
  void neverAccepts() throws IOException {
    plugin.close();
    List<SocketChannel> queue = new ArrayList<>();
    try (ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      deaf.bind(UnixDomainSocketAddress.of(socket()), 1);
      while (true) {
        SocketChannel waiting = SocketChannel.open(StandardProtocolFamily.UNIX);
        queue.add(waiting);
        waiting.configureBlocking(false);
        try {
          if (!waiting.connect(UnixDomainSocketAddress.of(socket()))) {
            break;
          }
        } catch (IOException full) {
          break;
        }
      }

      assertTrue(unanswered().contains("cannot be reached: it took longer than 300 ms"));
      String mount = notSent(assertTimeoutPreemptively(LONG, this::mount));
      assertTrue(mount.contains("cannot be reached: it took longer than 5300 ms"), mount);
    } finally {
      for (SocketChannel waiting : queue) {
        waiting.close();
      }
    }
  }

  @Test
  void acceptsAndNeverReadsOverTcp() throws IOException {
    plugin.close();
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      spec("tcp://127.0.0.1:" + deaf.getLocalPort());

      assertTrue(unanswered().contains("did not answer Plugin.Activate"));
    }
  }

  @Test
  void hangsInTheTlsHandshake() throws IOException {
    plugin.close();
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      spec("https://127.0.0.1:" + deaf.getLocalPort());

      assertTrue(unanswered().contains("cannot be reached: it took longer than 300 ms"));
      String mount = notSent(assertTimeoutPreemptively(LONG, this::mount));
      assertTrue(mount.contains("cannot be reached: it took longer than 5300 ms"), mount);
    }
  }

  @Test
  void aDeadlineThatHasPassedReachesNobody() {
    assertFalse(ask(Duration.ZERO).answered());
    assertEquals(List.of(), plugin.methods());
  }

  private void spec(String address) throws IOException {
    Files.createDirectories(folders.specs().get(0));
    Files.writeString(folders.specs().get(0).resolve("stand-in.spec"), address + "\n");
  }
}
