// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.dvdi.bindings.libc.libc_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What is done to the content of an open file. As {@link Libc}. */
final class FileCalls {
  private static final MethodHandle READ =
      Errno.capturing(libc_h.read$address(), libc_h.read$descriptor());
  private static final MethodHandle WRITE =
      Errno.capturing(libc_h.write$address(), libc_h.write$descriptor());
  private static final MethodHandle FTRUNCATE =
      Errno.capturing(libc_h.ftruncate$address(), libc_h.ftruncate$descriptor());
  private static final MethodHandle FSYNC =
      Errno.capturing(libc_h.fsync$address(), libc_h.fsync$descriptor());
  private static final MethodHandle FLOCK =
      Errno.capturing(libc_h.flock$address(), libc_h.flock$descriptor());

  private FileCalls() {}

  /** read(2): how many bytes; 0 at the end. */
  static int read(int file, String name, byte[] bytes, int offset) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(bytes.length - offset);
      long count =
          Libc.restarted(
              arena,
              "read(" + name + ")",
              errno -> (long) READ.invokeExact(errno, file, buffer, buffer.byteSize()));
      MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, offset, (int) count);
      return (int) count;
    }
  }

  /** write(2): how many bytes of it were written. */
  static int write(int file, String name, byte[] bytes, int offset) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(bytes.length - offset);
      MemorySegment.copy(bytes, offset, buffer, JAVA_BYTE, 0, bytes.length - offset);
      return (int)
          Libc.restarted(
              arena,
              "write(" + name + ")",
              errno -> (long) WRITE.invokeExact(errno, file, buffer, buffer.byteSize()));
    }
  }

  /** ftruncate(2), which also makes a file longer. */
  static void ftruncate(int file, String name, long length) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Libc.restarted(
          arena,
          "ftruncate(" + name + ", " + length + ")",
          errno -> (int) FTRUNCATE.invokeExact(errno, file, length));
    }
  }

  /** fsync(2). */
  static void fsync(int file, String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Libc.restarted(arena, "fsync(" + name + ")", errno -> (int) FSYNC.invokeExact(errno, file));
    }
  }

  /** flock(2). */
  static void flock(int file, String name, int operation) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Libc.restarted(
          arena, "flock(" + name + ")", errno -> (int) FLOCK.invokeExact(errno, file, operation));
    }
  }
}
