// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import io.dvdi.driver.Deadline;
import io.dvdi.linux.StreamSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/**
 * A connection as a socket, since the HTTP library and TLS take nothing else. All that is read and
 * written has a deadline.
 */
final class PluginSocket extends Socket {
  private final StreamSocket stream;
  private Deadline deadline;
  private long readable = Long.MAX_VALUE;
  private volatile boolean closed;

  PluginSocket(StreamSocket stream, Deadline deadline) throws SocketException {
    super((@Nullable SocketImpl) null);
    this.stream = stream;
    this.deadline = deadline;
  }

  /** Sets another deadline for what follows. */
  void until(Deadline next) {
    deadline = next;
  }

  /** Limits how much is read from now on. */
  void allow(long bytes) {
    readable = bytes;
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (readable <= 0) {
          throw new IOException("its answer has a head that is too long");
        }
        int count = stream.receive(bytes, offset, length, deadline.left());
        readable -= Math.max(0, count);
        return count;
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        stream.send(bytes, offset, length, deadline.left());
      }
    };
  }

  /** Does not close the connection. Its owner does that. */
  @Override
  public synchronized void close() {
    closed = true;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return null; // messages name the plugin
  }

  @Override
  public int getPort() {
    return 0;
  }

  @Override
  public int getSoTimeout() {
    return 0;
  }

  @Override
  public void setSoTimeout(int timeout) {
    // There is the deadline.
  }

  @Override
  public void setTcpNoDelay(boolean on) {
    // Each request is written at once.
  }
}
