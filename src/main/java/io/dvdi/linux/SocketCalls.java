// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.pollfd;
import io.dvdi.bindings.libc.timespec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What is done with sockets. As {@link KernelCalls}. */
final class SocketCalls {
  private SocketCalls() {}

  /** socket(2): one for streams, that does not block and that no program inherits. */
  static int socket(int family) throws LinuxException {
    int type = libc_h.SOCK_STREAM() | libc_h.SOCK_NONBLOCK() | libc_h.SOCK_CLOEXEC();
    try (Arena arena = Arena.ofConfined()) {
      return (int) Syscall.call(arena, SystemCall.SOCKET, () -> "socket", family, type);
    }
  }

  /** connect(2). */
  static void connect(int socket, MemorySegment address) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.call(
          arena,
          SystemCall.CONNECT,
          () -> "connect",
          socket,
          address.address(),
          address.byteSize());
    }
  }

  /** bind(2). */
  static void bind(int socket, MemorySegment address) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.call(
          arena, SystemCall.BIND, () -> "bind", socket, address.address(), address.byteSize());
    }
  }

  /** listen(2). */
  static void listen(int socket, int waiting) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.call(arena, SystemCall.LISTEN, () -> "listen", socket, waiting);
    }
  }

  /** accept4(2): a connection that does not block and that no program inherits. */
  static int accept(int socket) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          Syscall.call(
              arena,
              SystemCall.ACCEPT4,
              () -> "accept",
              socket,
              0,
              0,
              libc_h.SOCK_NONBLOCK() | libc_h.SOCK_CLOEXEC());
    }
  }

  /** send(2): how many bytes of it were taken. A closed connection is an error, and no SIGPIPE. */
  static int send(int socket, byte[] bytes, int offset, int length) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(length);
      MemorySegment.copy(bytes, offset, buffer, JAVA_BYTE, 0, length);
      return (int)
          Syscall.call(
              arena,
              SystemCall.SENDTO,
              () -> "send",
              socket,
              buffer.address(),
              buffer.byteSize(),
              libc_h.MSG_NOSIGNAL());
    }
  }

  /** recv(2): how many bytes; 0 at the end. */
  static int recv(int socket, byte[] bytes, int offset, int length) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(length);
      int count =
          (int)
              Syscall.call(
                  arena,
                  SystemCall.RECVFROM,
                  () -> "recv",
                  socket,
                  buffer.address(),
                  buffer.byteSize());
      MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, offset, count);
      return count;
    }
  }

  /**
   * What became of a connect(2) that was not waited for: SO_ERROR of socket(7), 0 if all is well.
   */
  static int error(int socket) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(Integer.BYTES, Integer.BYTES);
      MemorySegment size = arena.allocate(Integer.BYTES, Integer.BYTES);
      size.set(JAVA_INT, 0, Integer.BYTES);
      Syscall.call(
          arena,
          SystemCall.GETSOCKOPT,
          () -> "getsockopt",
          socket,
          libc_h.SOL_SOCKET(),
          libc_h.SO_ERROR(),
          value.address(),
          size.address());
      return value.get(JAVA_INT, 0);
    }
  }

  /** ppoll(2), since arm64 has no poll(2): whether one of these events came, or an error. */
  static boolean poll(int socket, int events, int milliseconds) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment polled = pollfd.allocate(arena);
      pollfd.fd(polled, socket);
      pollfd.events(polled, (short) events);
      MemorySegment time = timespec.allocate(arena);
      timespec.tv_sec(time, milliseconds / 1000);
      timespec.tv_nsec(time, milliseconds % 1000 * 1_000_000L);
      return Syscall.call(
              arena, SystemCall.PPOLL, () -> "poll", polled.address(), 1, time.address())
          > 0;
    }
  }
}
