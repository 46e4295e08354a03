// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What is done to the content of an open file. As {@link KernelCalls}. */
final class FileCalls {
  private FileCalls() {}

  /** read(2): how many bytes; 0 at the end. */
  static int read(int file, String name, byte[] bytes, int offset) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(bytes.length - offset);
      long count =
          Syscall.restarted(
              arena,
              SystemCall.READ,
              () -> "read(" + name + ")",
              file,
              buffer.address(),
              buffer.byteSize());
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
          Syscall.restarted(
              arena,
              SystemCall.WRITE,
              () -> "write(" + name + ")",
              file,
              buffer.address(),
              buffer.byteSize());
    }
  }

  /** ftruncate(2), which also makes a file longer. */
  static void ftruncate(int file, String name, long length) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.restarted(
          arena,
          SystemCall.FTRUNCATE,
          () -> "ftruncate(" + name + ", " + length + ")",
          file,
          length);
    }
  }

  /** fsync(2). */
  static void fsync(int file, String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.restarted(arena, SystemCall.FSYNC, () -> "fsync(" + name + ")", file);
    }
  }

  /** flock(2). */
  static void flock(int file, String name, int operation) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.restarted(arena, SystemCall.FLOCK, () -> "flock(" + name + ")", file, operation);
    }
  }
}
