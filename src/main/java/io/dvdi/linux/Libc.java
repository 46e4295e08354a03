// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.dvdi.bindings.libc.libc_h;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The C functions, one to one. A failure becomes a {@link LinuxException}. Addresses and signatures
 * are those that jextract generated; only errno is added. Thread-safe.
 */
final class Libc {
  private static final MethodHandle MOUNT =
      Errno.capturing(libc_h.mount$address(), libc_h.mount$descriptor());
  private static final MethodHandle UMOUNT2 =
      Errno.capturing(libc_h.umount2$address(), libc_h.umount2$descriptor());
  private static final MethodHandle STATX =
      Errno.capturing(libc_h.statx$address(), libc_h.statx$descriptor());
  private static final MethodHandle STATFS =
      Errno.capturing(libc_h.statfs$address(), libc_h.statfs$descriptor());
  private static final MethodHandle OPENAT =
      Errno.capturing(
          libc_h.openat.address(),
          libc_h.openat.makeInvoker(libc_h.C_INT).descriptor(),
          Linker.Option.firstVariadicArg(3));
  private static final MethodHandle OPEN_TREE =
      Errno.capturing(
          libc_h.syscall.address(),
          libc_h.syscall.makeInvoker(libc_h.C_INT, libc_h.C_POINTER, libc_h.C_INT).descriptor(),
          Linker.Option.firstVariadicArg(1));

  /** The same on all processors; older C libraries have no function for it. */
  private static final long SYS_OPEN_TREE = 428;

  private static final int OPEN_TREE_CLONE = 1; // linux/mount.h

  private static final MethodHandle STATMOUNT =
      Errno.capturing(
          libc_h.syscall.address(),
          libc_h
              .syscall
              .makeInvoker(libc_h.C_POINTER, libc_h.C_POINTER, libc_h.C_LONG, libc_h.C_INT)
              .descriptor(),
          Linker.Option.firstVariadicArg(1));

  private static final long SYS_STATMOUNT = 457; // the same on all processors

  /** linux/mount.h, struct mnt_id_req in its first form: size and spare, mnt_id, param. */
  private static final long MNT_ID_REQ_SIZE = 24;

  private static final long STATMOUNT_SB_BASIC = 1;

  private static final MethodHandle IOCTL =
      Errno.capturing(
          libc_h.ioctl.address(),
          libc_h.ioctl.makeInvoker(libc_h.C_POINTER).descriptor(),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle MKDIRAT =
      Errno.capturing(libc_h.mkdirat$address(), libc_h.mkdirat$descriptor());
  private static final MethodHandle FCHOWNAT =
      Errno.capturing(libc_h.fchownat$address(), libc_h.fchownat$descriptor());
  private static final MethodHandle READLINKAT =
      Errno.capturing(libc_h.readlinkat$address(), libc_h.readlinkat$descriptor());

  private Libc() {}

  /** A call with its errno segment first. */
  interface Call {
    long invoke(MemorySegment errno) throws Throwable;
  }

  /** Makes a call that returns -1 if it fails. */
  static long checked(Arena arena, String what, Call call) throws LinuxException {
    MemorySegment errno = Errno.capture(arena);
    long result;
    try {
      result = call.invoke(errno);
    } catch (Throwable e) {
      throw new IllegalStateException("a downcall of " + what + " does not throw", e);
    }
    if (result == -1) {
      throw new LinuxException(what, Errno.of(errno));
    }
    return result;
  }

  /**
   * Makes a call again that a signal interrupted: the agent's handlers may ask for that, and the
   * kernel may give its signals to any thread.
   */
  static long restarted(Arena arena, String what, Call call) throws LinuxException {
    while (true) {
      try {
        return checked(arena, what, call);
      } catch (LinuxException e) {
        if (e.errno() != libc_h.EINTR()) {
          throw e;
        }
      }
    }
  }

  /**
   * mount(2). Neither source nor data is in the message: both can come from options, which may be
   * secret.
   */
  static void mount(
      String source, String target, @Nullable String type, long flags, @Nullable String data)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sourceText = string(arena, source);
      MemorySegment targetText = string(arena, target);
      MemorySegment typeText = string(arena, type);
      MemorySegment dataText = string(arena, data);
      checked(
          arena,
          "mount of %s, flags 0x%x, at %s".formatted(type == null ? "a bind" : type, flags, target),
          errno ->
              (int) MOUNT.invokeExact(errno, sourceText, targetText, typeText, flags, dataText));
    }
  }

  /** umount2(2). */
  static void umount2(String target, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = string(arena, target);
      checked(
          arena, "umount2(" + target + ")", errno -> (int) UMOUNT2.invokeExact(errno, text, flags));
    }
  }

  /** statx(2) of an absolute path. */
  static void statx(Arena arena, String path, int flags, int mask, MemorySegment buffer)
      throws LinuxException {
    MemorySegment text = string(arena, path);
    checked(
        arena,
        "statx(" + path + ")",
        errno -> (int) STATX.invokeExact(errno, libc_h.AT_FDCWD(), text, flags, mask, buffer));
  }

  /** statfs(2). */
  static void statfs(Arena arena, String path, MemorySegment buffer) throws LinuxException {
    MemorySegment text = string(arena, path);
    checked(arena, "statfs(" + path + ")", errno -> (int) STATFS.invokeExact(errno, text, buffer));
  }

  /** openat(2), for flags that need no mode. */
  static int openat(int folder, String name, int flags) throws LinuxException {
    return openat(folder, name, flags, 0);
  }

  /** openat(2). O_CLOEXEC is added: the agent starts programs. */
  static int openat(int folder, String name, int flags, int mode) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = string(arena, name);
      return (int)
          restarted(
              arena,
              "open(" + name + ")",
              errno ->
                  (int) OPENAT.invokeExact(errno, folder, text, flags | libc_h.O_CLOEXEC(), mode));
    }
  }

  /** open_tree(2): a copy of the mount, attached nowhere. */
  static int openTree(String path) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = string(arena, path);
      return (int)
          checked(
              arena,
              "open_tree(" + path + ")",
              errno ->
                  (long)
                      OPEN_TREE.invokeExact(
                          errno,
                          SYS_OPEN_TREE,
                          libc_h.AT_FDCWD(),
                          text,
                          OPEN_TREE_CLONE | libc_h.O_CLOEXEC()));
    }
  }

  /** statmount(2), for whether there is such a mount: ENOENT if not. The ID is the unique one. */
  static void statmount(long mountId) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(MNT_ID_REQ_SIZE, Long.BYTES);
      request.set(ValueLayout.JAVA_INT, 0, (int) MNT_ID_REQ_SIZE);
      request.set(ValueLayout.JAVA_LONG, 8, mountId);
      request.set(ValueLayout.JAVA_LONG, 16, STATMOUNT_SB_BASIC);
      MemorySegment answer = arena.allocate(1024, Long.BYTES);
      long unused =
          checked(
              arena,
              "statmount(" + mountId + ")",
              errno ->
                  (long)
                      STATMOUNT.invokeExact(
                          errno, SYS_STATMOUNT, request, answer, answer.byteSize(), 0));
    }
  }

  /** ioctl(2) with an integer or a pointer's address as its argument. */
  static int ioctl(int file, String name, long request, MemorySegment argument)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          checked(
              arena,
              "ioctl(" + name + ")",
              errno -> (int) IOCTL.invokeExact(errno, file, request, argument));
    }
  }

  /** mkdirat(2). */
  static void mkdirat(int folder, String name, int mode) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = string(arena, name);
      checked(
          arena,
          "mkdir(" + name + ")",
          errno -> (int) MKDIRAT.invokeExact(errno, folder, text, mode));
    }
  }

  /** fchownat(2) of an open file; fchown(2) itself does not take one of O_PATH. */
  static void fchown(int file, int uid, int gid) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = string(arena, "");
      checked(
          arena,
          "chown to %s:%s".formatted(Integer.toUnsignedString(uid), Integer.toUnsignedString(gid)),
          errno -> (int) FCHOWNAT.invokeExact(errno, file, text, uid, gid, libc_h.AT_EMPTY_PATH()));
    }
  }

  /** readlinkat(2). */
  static String readlinkat(int folder, String name) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = string(arena, name);
      MemorySegment buffer = arena.allocate(4096); // PATH_MAX: longer links cannot be made
      long length =
          checked(
              arena,
              "readlink(" + name + ")",
              errno ->
                  (long) READLINKAT.invokeExact(errno, folder, text, buffer, buffer.byteSize()));
      return new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }
  }

  /** close(2). Its failure is of no use to a caller that only read. */
  static void close(int file) {
    int ignored = libc_h.close(file);
  }

  private static MemorySegment string(Arena arena, @Nullable String value) {
    if (value == null) {
      return MemorySegment.NULL;
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a path with NUL was not refused earlier");
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
    return segment;
  }
}
