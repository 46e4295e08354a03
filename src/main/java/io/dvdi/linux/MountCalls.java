// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statfs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** mount(2) and umount2(2). Thread-safe. */
public final class MountCalls {
  /** mount(2) copies one page with the NUL at its end, and cuts what is longer without a word. */
  private static final int LONGEST_DATA = 4095;

  private MountCalls() {}

  /**
   * Mounts a file system.
   *
   * @param source a device or a remote name; ignored by some types
   * @param flags MS_*, see {@link MountOptions}
   * @param data options of the file system; may be secret, so no message contains them
   */
  public static void mount(
      String source, Path target, @Nullable String type, long flags, @Nullable String data)
      throws LinuxException {
    int length = data == null ? 0 : data.getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_DATA) {
      throw new LinuxException(
          "mount of %s at %s with options of %d bytes; mount(2) takes at most %d"
              .formatted(type, target, length, LONGEST_DATA),
          libc_h.E2BIG());
    }
    KernelCalls.mount(source, target.toString(), type, flags, data);
  }

  /**
   * Binds a folder or file to another place. The source is open, so it does not matter if its path
   * changes.
   *
   * @param flags further MS_*. Flags that a bind ignores are set with a remount. Restrictions of
   *     the source's own mount (MS_RDONLY, MS_NOEXEC) are kept
   */
  public static void bind(OpenedPath source, Path target, long flags) throws LinuxException {
    KernelCalls.mount(source.self().toString(), target.toString(), null, libc_h.MS_BIND(), null);
    long later = flags & ~libc_h.MS_BIND();
    if (later != 0) {
      try {
        // Out of the source's peer group, or what is mounted below the source later appears here,
        // with other flags, and holds up the unmount.
        KernelCalls.mount("none", target.toString(), null, libc_h.MS_PRIVATE(), null);
        // A bind ignores other flags when it is made, see mount(2) on MS_BIND; the remount sets all
        // flags anew.
        KernelCalls.mount(
            "none",
            target.toString(),
            null,
            libc_h.MS_REMOUNT() | libc_h.MS_BIND() | later | inherited(target),
            null);
      } catch (LinuxException e) {
        KernelCalls.umount2(target.toString(), libc_h.MNT_DETACH() | libc_h.UMOUNT_NOFOLLOW());
        throw e;
      }
    }
  }

  private static long inherited(Path target) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer =
          arena.allocate(statfs.layout().byteSize(), statfs.layout().byteAlignment());
      KernelCalls.statfs(arena, target.toString(), buffer);
      // statfs(2): these two ST_* have the numbers of MS_RDONLY and MS_NOEXEC.
      return statfs.f_flags(buffer) & (libc_h.MS_RDONLY() | libc_h.MS_NOEXEC());
    }
  }

  /** Unmounts what is uppermost at a path; not lazily, so that success means that it is gone. */
  public static void unmount(Path target) throws LinuxException {
    KernelCalls.umount2(target.toString(), libc_h.UMOUNT_NOFOLLOW());
  }

  /**
   * Checks whether what is uppermost at a path could be unmounted now. Unmounts nothing.
   *
   * @throws LinuxException EBUSY if something uses it; EINVAL or ENOENT if nothing is mounted there
   */
  public static void checkUnused(Path target) throws LinuxException {
    // A second such call without a look at the path between them would unmount it, see umount2(2).
    boolean ignored = Files.exists(target);
    try {
      KernelCalls.umount2(target.toString(), libc_h.MNT_EXPIRE() | libc_h.UMOUNT_NOFOLLOW());
    } catch (LinuxException e) {
      if (e.errno() != libc_h.EAGAIN()) {
        throw e;
      }
    }
  }

  /**
   * Takes what is uppermost at a path off the mount namespace, also if processes wait in it: they
   * keep it until they end. Without MNT_FORCE, which would break all other mounts of the same file
   * system.
   */
  static void detach(Path target) throws LinuxException {
    KernelCalls.umount2(target.toString(), libc_h.MNT_DETACH() | libc_h.UMOUNT_NOFOLLOW());
  }
}
