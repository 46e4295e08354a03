// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamSocketTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(250);

  @RegisterExtension private final RealMounts mounts = new RealMounts();

  private Path path() {
    return mounts.folder().resolve("socket");
  }

  private ServerSocketChannel listening(String kind) throws IOException {
    if (kind.equals("unix")) {
      return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
          .bind(UnixDomainSocketAddress.of(path()));
    }
    return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByName(kind), 0));
  }

  /** More than fits into the kernel's buffers, so that both sides have to wait. */
  @ParameterizedTest
  @ValueSource(strings = {"unix", "127.0.0.1", "::1"})
  void allBytesArriveBothWays(String kind) throws Exception {
    byte[] sent = new byte[3_000_000];
    new Random(1).nextBytes(sent);
    try (ServerSocketChannel server = listening(kind)) {
      CompletableFuture<Void> echoed = CompletableFuture.runAsync(() -> echo(server, sent.length));
      try (StreamSocket socket = StreamSocket.connect(server.getLocalAddress(), LONG)) {
        socket.send(sent, 0, sent.length, LONG);

        byte[] received = new byte[sent.length];
        int length = 0;
        while (length < received.length) {
          length += socket.receive(received, length, received.length - length, LONG);
        }
        assertArrayEquals(sent, received);
        assertEquals(-1, socket.receive(received, 0, 1, LONG));
      }
      echoed.get();
    }
  }

  private static void echo(ServerSocketChannel server, int length) {
    try (SocketChannel channel = server.accept()) {
      InputStream in = Channels.newInputStream(channel);
      ByteBuffer all = ByteBuffer.wrap(in.readNBytes(length));
      while (all.hasRemaining()) {
        channel.write(all);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTimeoutEndsEachWait() throws Exception {
    try (ServerSocketChannel silent = listening("unix");
        StreamSocket socket = StreamSocket.connect(silent.getLocalAddress(), LONG)) {
      assertTimeoutPreemptively(
          LONG,
          () -> {
            assertThrows(
                SocketTimeoutException.class, () -> socket.receive(new byte[1], 0, 1, SHORT));
            assertThrows(
                SocketTimeoutException.class,
                () -> socket.send(new byte[10_000_000], 0, 10_000_000, SHORT));
          });
    }
  }

  @Test
  void anInterruptEndsAWaitAndIsKept() throws Exception {
    try (ServerSocketChannel silent = listening("unix");
        StreamSocket socket = StreamSocket.connect(silent.getLocalAddress(), LONG)) {
      Thread.currentThread().interrupt();
      assertThrows(ClosedByInterruptException.class, () -> socket.receive(new byte[1], 0, 1, LONG));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void nothingIsSentAfterTheTimeoutOrAnInterrupt() throws Exception {
    try (ServerSocketChannel server = listening("unix");
        StreamSocket socket = StreamSocket.connect(server.getLocalAddress(), LONG);
        SocketChannel other = server.accept()) {
      assertThrows(
          SocketTimeoutException.class, () -> socket.send(new byte[1], 0, 1, Duration.ZERO));
      Thread.currentThread().interrupt();
      assertThrows(ClosedByInterruptException.class, () -> socket.send(new byte[1], 0, 1, LONG));
      assertThrows(
          ClosedByInterruptException.class,
          () -> StreamSocket.connect(server.getLocalAddress(), LONG));
      assertTrue(Thread.interrupted());

      other.configureBlocking(false);
      assertEquals(0, other.read(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void aConnectionThatTheOtherSideClosedIsAnErrorAndNoSignal() throws Exception {
    try (ServerSocketChannel server = listening("unix");
        StreamSocket socket = StreamSocket.connect(server.getLocalAddress(), LONG)) {
      server.accept().close();

      LinuxException e =
          assertThrows(LinuxException.class, () -> socket.send(new byte[1], 0, 1, LONG));

      assertEquals("send: EPIPE (Broken pipe)", e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix", "127.0.0.1", "::1"})
  void whereNobodyListensNoConnectionIsMade(String kind) throws Exception {
    SocketAddress address;
    try (ServerSocketChannel server = listening(kind)) {
      address = server.getLocalAddress();
    }

    LinuxException e =
        assertThrows(LinuxException.class, () -> StreamSocket.connect(address, LONG));

    assertEquals("connect: ECONNREFUSED (Connection refused)", e.getMessage());
  }

  @Test
  void aPathThatNoSocketCanHaveIsSaidToBeTooLong() {
    Path path = mounts.folder().resolve("x".repeat(108));

    IOException e =
        assertThrows(
            IOException.class, () -> StreamSocket.connect(UnixDomainSocketAddress.of(path), LONG));

    assertEquals(
        "a socket's path can have 107 bytes, see unix(7), and %s has %d; use a link to its folder"
            .formatted(path, path.toString().getBytes(UTF_8).length),
        e.getMessage());
  }
}
