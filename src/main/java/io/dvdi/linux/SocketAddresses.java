// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.sockaddr_in;
import io.dvdi.bindings.libc.sockaddr_in6;
import io.dvdi.bindings.libc.sockaddr_un;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Addresses as connect(2) takes them: unix(7), ip(7), ipv6(7). */
final class SocketAddresses {
  private SocketAddresses() {}

  static int family(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress
        ? libc_h.AF_UNIX()
        : address instanceof InetSocketAddress internet
                && internet.getAddress() instanceof Inet6Address
            ? libc_h.AF_INET6()
            : libc_h.AF_INET();
  }

  /**
   * @param address with an IP address, when it is one of the internet
   */
  static MemorySegment toC(Arena arena, SocketAddress address) throws IOException {
    return switch (address) {
      case UnixDomainSocketAddress unix -> unix(arena, unix.getPath().toString());
      case InetSocketAddress internet ->
          internet.getAddress() instanceof Inet6Address ip
              ? internet6(arena, ip, internet.getPort())
              : internet4(arena, internet);
      default -> throw new IllegalArgumentException("no address of a stream: " + address);
    };
  }

  private static MemorySegment unix(Arena arena, String path) throws IOException {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    MemorySegment address = sockaddr_un.allocate(arena);
    // The last one ends it.
    long room = address.byteSize() - sockaddr_un.sun_path$offset() - 1;
    if (bytes.length > room) {
      throw new IOException(
          "a socket's path can have %d bytes, see unix(7), and %s has %d; use a link to its folder"
              .formatted(room, path, bytes.length));
    }
    sockaddr_un.sun_family(address, (short) libc_h.AF_UNIX());
    MemorySegment.copy(bytes, 0, address, JAVA_BYTE, sockaddr_un.sun_path$offset(), bytes.length);
    return address;
  }

  private static MemorySegment internet4(Arena arena, InetSocketAddress internet) {
    MemorySegment address = sockaddr_in.allocate(arena);
    sockaddr_in.sin_family(address, (short) libc_h.AF_INET());
    copy(port(internet.getPort()), address, sockaddr_in.sin_port$offset());
    copy(internet.getAddress().getAddress(), address, sockaddr_in.sin_addr$offset());
    return address;
  }

  private static MemorySegment internet6(Arena arena, Inet6Address ip, int port) {
    MemorySegment address = sockaddr_in6.allocate(arena);
    sockaddr_in6.sin6_family(address, (short) libc_h.AF_INET6());
    copy(port(port), address, sockaddr_in6.sin6_port$offset());
    copy(ip.getAddress(), address, sockaddr_in6.sin6_addr$offset());
    sockaddr_in6.sin6_scope_id(address, ip.getScopeId());
    return address;
  }

  /** In the network's order, which is ByteBuffer's own. */
  private static byte[] port(int port) {
    return ByteBuffer.allocate(Short.BYTES).putShort((short) port).array();
  }

  private static void copy(byte[] bytes, MemorySegment address, long offset) {
    MemorySegment.copy(bytes, 0, address, JAVA_BYTE, offset, bytes.length);
  }
}
