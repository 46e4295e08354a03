// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A unix socket that takes connections, with close-on-exec. Not thread-safe. */
public final class StreamListener implements AutoCloseable {
  private static final int MOST_WAITING = 16;

  private int descriptor;

  private StreamListener(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Makes a socket.
   *
   * @param socket its path, at which nothing is yet
   */
  public static StreamListener at(Path socket) throws IOException {
    StreamListener listener = new StreamListener(SocketCalls.socket(libc_h.AF_UNIX()));
    boolean listens = false;
    try (Arena arena = Arena.ofConfined()) {
      SocketCalls.bind(
          listener.descriptor, SocketAddresses.toC(arena, UnixDomainSocketAddress.of(socket)));
      SocketCalls.listen(listener.descriptor, MOST_WAITING);
      listens = true;
      return listener;
    } finally {
      if (!listens) {
        listener.close();
      }
    }
  }

  /** The next connection; absent if none came in this time. */
  public Optional<StreamSocket> accept(Duration timeout) throws IOException {
    if (!SocketCalls.poll(descriptor, libc_h.POLLIN(), (int) timeout.toMillis())) {
      return Optional.empty();
    }
    return Optional.of(StreamSocket.accepted(SocketCalls.accept(descriptor)));
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      KernelCalls.close(descriptor);
      descriptor = -1;
    }
  }
}
