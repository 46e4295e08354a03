// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.dvdi.bindings.libc.libc_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The system calls for paths and descriptors, one to one. A failure becomes a {@link
 * LinuxException}. Thread-safe.
 */
final class KernelCalls {
  private static final int OPEN_TREE_CLONE = 1; // linux/mount.h

  private KernelCalls() {}

  /**
   * mount(2). Neither source nor data is in the message: both can come from options, which may be
   * secret.
   */
  static void mount(
      String source, String target, @Nullable String type, long flags, @Nullable String data)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.call(
          arena,
          SystemCall.MOUNT,
          () ->
              "mount of %s, flags 0x%x, at %s"
                  .formatted(type == null ? "a bind" : type, flags, target),
          string(arena, source),
          string(arena, target),
          string(arena, type),
          flags,
          string(arena, data));
    }
  }

  /** umount2(2). */
  static void umount2(String target, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.call(
          arena, SystemCall.UMOUNT2, () -> "umount2(" + target + ")", string(arena, target), flags);
    }
  }

  /** statx(2) of an absolute path. */
  static void statx(Arena arena, String path, int flags, int mask, MemorySegment buffer)
      throws LinuxException {
    Syscall.call(
        arena,
        SystemCall.STATX,
        () -> "statx(" + path + ")",
        libc_h.AT_FDCWD(),
        string(arena, path),
        flags,
        mask,
        buffer.address());
  }

  /** statfs(2). */
  static void statfs(Arena arena, String path, MemorySegment buffer) throws LinuxException {
    Syscall.call(
        arena,
        SystemCall.STATFS,
        () -> "statfs(" + path + ")",
        string(arena, path),
        buffer.address());
  }

  /** openat(2), for flags that need no mode. */
  static int openat(int folder, String name, int flags) throws LinuxException {
    return openat(folder, name, flags, 0);
  }

  /** openat(2). O_CLOEXEC is added: the agent starts programs. */
  static int openat(int folder, String name, int flags, int mode) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          Syscall.restarted(
              arena,
              SystemCall.OPENAT,
              () -> "open(" + name + ")",
              folder,
              string(arena, name),
              flags | libc_h.O_CLOEXEC(),
              mode);
    }
  }

  /** open_tree(2): a copy of the mount, attached nowhere. */
  static int openTree(String path) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          Syscall.call(
              arena,
              SystemCall.OPEN_TREE,
              () -> "open_tree(" + path + ")",
              libc_h.AT_FDCWD(),
              string(arena, path),
              OPEN_TREE_CLONE | libc_h.O_CLOEXEC());
    }
  }

  /** ioctl(2) with an integer or a pointer's address as its argument. */
  static int ioctl(int file, String name, long request, MemorySegment argument)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          Syscall.call(
              arena,
              SystemCall.IOCTL,
              () -> "ioctl(" + name + ")",
              file,
              request,
              argument.address());
    }
  }

  /** mkdirat(2). */
  static void mkdirat(int folder, String name, int mode) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.call(
          arena,
          SystemCall.MKDIRAT,
          () -> "mkdir(" + name + ")",
          folder,
          string(arena, name),
          mode);
    }
  }

  /** fchownat(2) of an open file; fchown(2) itself does not take one of O_PATH. */
  static void fchown(int file, int uid, int gid) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.call(
          arena,
          SystemCall.FCHOWNAT,
          () ->
              "chown to %s:%s"
                  .formatted(Integer.toUnsignedString(uid), Integer.toUnsignedString(gid)),
          file,
          string(arena, ""),
          uid,
          gid,
          libc_h.AT_EMPTY_PATH());
    }
  }

  /** readlinkat(2). */
  static String readlinkat(int folder, String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(4096); // PATH_MAX: longer links cannot be made
      long length =
          Syscall.call(
              arena,
              SystemCall.READLINKAT,
              () -> "readlink(" + name + ")",
              folder,
              string(arena, name),
              buffer.address(),
              buffer.byteSize());
      return new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }
  }

  /** close(2). Its failure is of no use to a caller that only read. */
  static void close(int file) {
    try (Arena arena = Arena.ofConfined()) {
      Syscall.call(arena, SystemCall.CLOSE, () -> "close", file);
    } catch (LinuxException e) {
      // The descriptor is free all the same, see close(2).
    }
  }

  /** geteuid(2): who this process acts as. */
  static int geteuid() {
    try (Arena arena = Arena.ofConfined()) {
      return (int) Syscall.call(arena, SystemCall.GETEUID, () -> "geteuid");
    } catch (LinuxException e) {
      throw new IllegalStateException("geteuid(2) always succeeds", e);
    }
  }

  /** The address of a text with a NUL at its end; 0 for none. */
  private static long string(Arena arena, @Nullable String value) {
    if (value == null) {
      return 0;
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a path with NUL was not refused earlier");
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
    return segment.address();
  }
}
