// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;

/**
 * A connection with close-on-exec; see {@link PrivateFile}. A program that inherited a connection
 * to a volume plugin could use the plugin as root. Not thread-safe.
 *
 * <p>Each wait ends at its timeout with a {@link SocketTimeoutException}, and after an interrupt
 * with a {@link ClosedByInterruptException}.
 */
public final class StreamSocket implements AutoCloseable {
  /**
   * The longest time until an interrupt is noticed, in milliseconds. Some answers take hours, and
   * hundreds of threads may wait.
   */
  private static final int SLICE = 1000;

  /** Between two tries on a unix socket whose queue is full. poll(2) has no event for this. */
  private static final Duration PAUSE = Duration.ofMillis(10);

  private static final int LARGEST_PART = 8192;

  private int descriptor;

  private StreamSocket(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Connects to a unix socket, or by TCP.
   *
   * @param address a Unix domain address, or an Internet address that is resolved
   */
  public static StreamSocket connect(SocketAddress address, Duration timeout) throws IOException {
    StreamSocket socket = new StreamSocket(SocketCalls.socket(SocketAddresses.family(address)));
    boolean connected = false;
    try (Arena arena = Arena.ofConfined()) {
      socket.connect(SocketAddresses.toC(arena, address), end(timeout));
      connected = true;
      return socket;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }

  /** A connection that was accepted. */
  static StreamSocket accepted(int descriptor) {
    return new StreamSocket(descriptor);
  }

  private void connect(MemorySegment address, long end) throws IOException {
    while (true) {
      Duration unused = left(end);
      try {
        SocketCalls.connect(descriptor, address);
        return;
      } catch (LinuxException e) {
        if (e.errno() == libc_h.EINPROGRESS()) {
          await(libc_h.POLLOUT(), end);
          int error = SocketCalls.error(descriptor);
          if (error != 0) {
            throw new LinuxException("connect", error);
          }
          return;
        }
        if (e.errno() != libc_h.EAGAIN()) {
          throw e;
        }
      }
      pause(end);
    }
  }

  /**
   * Receives at least one byte.
   *
   * @return the number of bytes; -1 at the end
   */
  public int receive(byte[] bytes, int offset, int length, Duration timeout) throws IOException {
    long end = end(timeout);
    while (true) {
      await(libc_h.POLLIN(), end);
      try {
        int count = SocketCalls.recv(descriptor, bytes, offset, Math.min(length, LARGEST_PART));
        return count == 0 ? -1 : count;
      } catch (LinuxException e) {
        again(e);
      }
    }
  }

  /** Sends all bytes. */
  public void send(byte[] bytes, int offset, int length, Duration timeout) throws IOException {
    long end = end(timeout);
    int sent = 0;
    while (sent < length) {
      Duration unused = left(end);
      try {
        sent +=
            SocketCalls.send(
                descriptor, bytes, offset + sent, Math.min(length - sent, LARGEST_PART));
      } catch (LinuxException e) {
        again(e);
        await(libc_h.POLLOUT(), end);
      }
    }
  }

  /** Not only when there is no room: what poll(2) announces may be gone again, see its BUGS. */
  private static void again(LinuxException e) throws LinuxException {
    if (e.errno() != libc_h.EAGAIN()) {
      throw e;
    }
  }

  private void await(int events, long end) throws IOException {
    int slice;
    do {
      slice = (int) Math.min(left(end).toMillis() + 1, SLICE);
    } while (!polled(events, slice));
  }

  private boolean polled(int events, int slice) throws IOException {
    try {
      return SocketCalls.poll(descriptor, events, slice);
    } catch (LinuxException e) {
      if (e.errno() == libc_h.EINTR()) { // a signal of the agent's
        return false;
      }
      throw e;
    }
  }

  private static void pause(long end) throws IOException {
    try {
      Duration left = left(end);
      Thread.sleep(left.compareTo(PAUSE) < 0 ? left : PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  private static long end(Duration timeout) {
    return System.nanoTime() + timeout.toNanos();
  }

  private static Duration left(long end) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new ClosedByInterruptException();
    }
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("there was no answer in time");
    }
    return Duration.ofNanos(left);
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      KernelCalls.close(descriptor);
      descriptor = -1;
    }
  }
}
