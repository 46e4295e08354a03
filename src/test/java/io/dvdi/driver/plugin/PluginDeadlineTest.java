// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import static io.dvdi.driver.plugin.StandInPlugin.chunked;
import static io.dvdi.driver.plugin.StandInPlugin.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.driver.DriverException;
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
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A plugin may hang anywhere: the call ends at its deadline all the same. */
class PluginDeadlineTest extends PluginFixture {
  private static final Duration SHORT = Duration.ofMillis(300);

  /** Nothing takes this long, however busy the machine is, but what hangs. */
  private static final Duration EVER = Duration.ofMinutes(1);

  private DriverException fails() {
    return fails(this::mount, SHORT);
  }

  private static DriverException fails(Call call, Duration time) {
    return assertTimeoutPreemptively(
        EVER, () -> assertThrows(DriverException.class, () -> call.within(time)));
  }

  /** With as much time as this machine takes to come to where the plugin hangs. */
  private DriverException failsIn(String method, Call call) {
    Duration time = SHORT;
    DriverException e = fails(call, time);
    while (!plugin.methods().contains(method)) {
      time = time.multipliedBy(2);
      e = fails(call, time);
    }
    assertEquals(method, plugin.methods().getLast());
    return e;
  }

  private interface Call {
    void within(Duration time) throws DriverException;
  }

  private void mount(Duration time) throws DriverException {
    driver.mount(asked(Map.of(), false, time));
  }

  @Test
  void hangsInActivate() {
    plugin.on("Plugin.Activate", plugin.hang());

    DriverException e = fails();

    assertTrue(
        e.toString().contains("did not answer Plugin.Activate: it took longer than 300 ms"),
        e.toString());
    assertFalse(e.isUncertain());
  }

  @Test
  void hangsInGetAndIsNotMountedAfterThat() {
    plugin.on("Get", plugin.hang());

    assertFalse(failsIn("Get", this::mount).isUncertain());
  }

  @Test
  void hangsInListAndIsNotMountedAfterThat() {
    plugin.on("List", plugin.hang());

    assertFalse(failsIn("List", this::mount).isUncertain());
  }

  @Test
  void hangsInCreate() {
    plugin.on("Create", plugin.hang());

    assertTrue(failsIn("Create", this::mount).isUncertain());
  }

  @Test
  void hangsInMount() {
    plugin.on("Mount", plugin.hang());

    assertTrue(failsIn("Mount", this::mount).isUncertain());
  }

  @Test
  void hangsAfterHalfAReply() {
    plugin.on("Mount", plugin.hangAfterHalf(json(200, "{\"Mountpoint\":\"/mnt/data\"}")));

    assertTrue(failsIn("Mount", this::mount).isUncertain());
  }

  @Test
  void hangsAfterHalfAChunkedReply() {
    plugin.on("Mount", plugin.hangAfterHalf(chunked("{\"Mountpoint\":\"/mnt/data\"}")));

    assertTrue(failsIn("Mount", this::mount).isUncertain());
  }

  @Test
  void dripsAReply() {
    plugin.on(
        "Mount",
        (request, out) -> {
          for (byte b : json(200, "{\"Mountpoint\":\"/mnt/data\"}")) {
            out.write(b);
            Thread.sleep(20);
          }
        });

    assertTrue(failsIn("Mount", this::mount).isUncertain());
  }

  @Test
  void hangsInUnmount() {
    plugin.on("Unmount", plugin.hang());

    assertTrue(failsIn("Unmount", time -> driver.unmount(given(time))).isUncertain());
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

      DriverException e = fails();

      assertTrue(e.toString().contains("it took longer than 300 ms"), e.toString());
      assertFalse(e.isUncertain());
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

      assertTrue(fails().toString().contains("did not answer Plugin.Activate"));
    }
  }

  @Test
  void hangsInTheTlsHandshake() throws IOException {
    plugin.close();
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      spec("https://127.0.0.1:" + deaf.getLocalPort());

      DriverException e = fails();

      assertTrue(e.toString().contains("cannot be reached: it took longer"), e.toString());
      assertFalse(e.isUncertain());
    }
  }

  @Test
  void aDeadlineThatHasPassedReachesNobody() {
    DriverException e =
        assertThrows(
            DriverException.class, () -> driver.mount(asked(Map.of(), false, Duration.ZERO)));

    assertFalse(e.isUncertain());
    assertFalse(plugin.methods().contains("Mount"));
  }

  @Test
  void anInterruptEndsTheCall() throws Exception {
    plugin.on("Mount", plugin.hang());
    List<DriverException> thrown = new ArrayList<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                driver.mount(asked(Map.of(), false, LONG));
              } catch (DriverException e) {
                thrown.add(e);
              }
            });
    caller.start();
    while (!plugin.methods().contains("Mount")) {
      Thread.sleep(10);
    }
    caller.interrupt();
    caller.join();

    assertTrue(thrown.get(0).toString().contains("the module is closing"), thrown::toString);
    assertTrue(thrown.get(0).isUncertain());
  }

  private void spec(String address) throws IOException {
    Files.createDirectories(folders.specs().get(0));
    Files.writeString(folders.specs().get(0).resolve("stand-in.spec"), address + "\n");
  }
}
