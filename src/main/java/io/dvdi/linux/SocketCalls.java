// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.pollfd;
import io.dvdi.bindings.libc.sockaddr_in;
import io.dvdi.bindings.libc.sockaddr_in6;
import io.dvdi.bindings.libc.sockaddr_un;
import java.lang.foreign.Arena;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** What is done with sockets. As {@link Libc}. */
final class SocketCalls {
  private static final MethodHandle SOCKET =
      Errno.capturing(libc_h.socket$address(), libc_h.socket$descriptor());
  private static final MethodHandle CONNECT =
      Errno.capturing(libc_h.connect$address(), libc_h.connect$descriptor());
  private static final MethodHandle SEND =
      Errno.capturing(libc_h.send$address(), libc_h.send$descriptor());
  private static final MethodHandle RECV =
      Errno.capturing(libc_h.recv$address(), libc_h.recv$descriptor());
  private static final MethodHandle GETSOCKOPT =
      Errno.capturing(libc_h.getsockopt$address(), libc_h.getsockopt$descriptor());
  private static final MethodHandle POLL =
      Errno.capturing(libc_h.poll$address(), libc_h.poll$descriptor());

  private SocketCalls() {}

  /** Links the calls and reads the layouts now; see {@link Errno#load}. */
  static void load() {
    Errno.load();
    List<GroupLayout> unused =
        List.of(pollfd.layout(), sockaddr_un.layout(), sockaddr_in.layout(), sockaddr_in6.layout());
  }

  /** socket(2): one for streams, that does not block and that no program inherits. */
  static int socket(int family) throws LinuxException {
    int type = libc_h.SOCK_STREAM() | libc_h.SOCK_NONBLOCK() | libc_h.SOCK_CLOEXEC();
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          Libc.checked(arena, "socket", errno -> (int) SOCKET.invokeExact(errno, family, type, 0));
    }
  }

  /** connect(2). */
  static void connect(int socket, MemorySegment address) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Libc.checked(
          arena,
          "connect",
          errno -> (int) CONNECT.invokeExact(errno, socket, address, (int) address.byteSize()));
    }
  }

  /** send(2): how many bytes of it were taken. A closed connection is an error, and no SIGPIPE. */
  static int send(int socket, byte[] bytes, int offset, int length) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(length);
      MemorySegment.copy(bytes, offset, buffer, JAVA_BYTE, 0, length);
      return (int)
          Libc.checked(
              arena,
              "send",
              errno ->
                  (long)
                      SEND.invokeExact(
                          errno, socket, buffer, buffer.byteSize(), libc_h.MSG_NOSIGNAL()));
    }
  }

  /** recv(2): how many bytes; 0 at the end. */
  static int recv(int socket, byte[] bytes, int offset, int length) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(length);
      int count =
          (int)
              Libc.checked(
                  arena,
                  "recv",
                  errno -> (long) RECV.invokeExact(errno, socket, buffer, buffer.byteSize(), 0));
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
      Libc.checked(
          arena,
          "getsockopt",
          errno ->
              (int)
                  GETSOCKOPT.invokeExact(
                      errno, socket, libc_h.SOL_SOCKET(), libc_h.SO_ERROR(), value, size));
      return value.get(JAVA_INT, 0);
    }
  }

  /** poll(2): whether one of these events came, or an error, in this time. */
  static boolean poll(int socket, int events, int milliseconds) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment polled = pollfd.allocate(arena);
      pollfd.fd(polled, socket);
      pollfd.events(polled, (short) events);
      return Libc.checked(
              arena, "poll", errno -> (int) POLL.invokeExact(errno, polled, 1L, milliseconds))
          > 0;
    }
  }
}
