// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connected channel as a socket: libraries want one, and the JDK has none for unix sockets.
 * Timeouts are left to whoever closes the channel.
 */
final class ChannelSocket extends Socket {
  private final SocketChannel channel;

  ChannelSocket(SocketChannel channel) throws SocketException {
    super((@Nullable SocketImpl) null);
    this.channel = channel;
  }

  @Override
  public InputStream getInputStream() {
    return Channels.newInputStream(channel);
  }

  @Override
  public OutputStream getOutputStream() {
    return Channels.newOutputStream(channel);
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public boolean isConnected() {
    return channel.isConnected();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    try {
      return channel.getRemoteAddress();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public int getPort() {
    return getRemoteSocketAddress() instanceof java.net.InetSocketAddress internet
        ? internet.getPort()
        : 0;
  }

  @Override
  public int getSoTimeout() {
    return 0;
  }

  @Override
  public void setSoTimeout(int timeout) {
    // The channel is closed at the deadline.
  }

  @Override
  public void setTcpNoDelay(boolean on) {
    // Each request is written at once.
  }
}
