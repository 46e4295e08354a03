// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statfs;
import io.dvdi.bindings.libc.statx;
import io.dvdi.mount.FileSystem;
import io.dvdi.mount.MountIdentity;
import io.dvdi.mount.Mounts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** Mounts as statx(2) and statfs(2) show them. Thread-safe. */
public final class LinuxMounts implements Mounts {
  /**
   * Linux 6.8, linux/stat.h: stx_mnt_id is never used twice. Debian 12's headers do not have it.
   */
  private static final int STATX_MNT_ID_UNIQUE = 0x4000;

  /**
   * Unique IDs are all higher than those that are used again, see MNT_UNIQUE_ID_OFFSET in
   * fs/namespace.c.
   */
  private static final long FIRST_UNIQUE_ID = 1L << 31;

  private final Executor aside;

  public LinuxMounts() {
    this(Runnable::run);
  }

  /**
   * @param aside for what takes its time and nobody waits for
   */
  public LinuxMounts(Executor aside) {
    this.aside = aside;
    Errno.load();
  }

  /**
   * A mount that nobody sees is made for a moment, and takes the next ID: those of later mounts are
   * higher. That costs the same on any host. Where the kernel uses IDs again, before Linux 6.8, the
   * mount table is read instead.
   */
  @Override
  public Mark mark() throws IOException {
    try {
      OpenFile copy = OpenFile.copyOfMount(Path.of("/"));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment buffer =
            arena.allocate(statx.layout().byteSize(), statx.layout().byteAlignment());
        Libc.statx(arena, copy.self().toString(), 0, STATX_MNT_ID_UNIQUE, buffer);
        if ((statx.stx_mask(buffer) & STATX_MNT_ID_UNIQUE) != 0) {
          long last = statx.stx_mnt_id(buffer);
          return mount -> mount.mountId() > last;
        }
      } finally {
        closeAside(copy);
      }
    } catch (LinuxException e) {
      // open_tree(2) came with Linux 5.2; the table serves as well.
    }
    return markByTable();
  }

  /** The kernel lets all processors come to rest before a mount is gone: up to 10 ms. */
  private void closeAside(OpenFile copy) {
    try {
      aside.execute(copy::close);
    } catch (RuntimeException | Error e) {
      copy.close(); // no thread could be had
    }
  }

  static Mark markByTable() throws IOException {
    MountInfo there = MountInfo.read();
    return mount -> !there.has(mount);
  }

  /** Asks for one mount where the kernel can be asked (Linux 6.8), else reads the mount table. */
  @Override
  public boolean exists(MountIdentity mount) throws IOException {
    try {
      Libc.statmount(mount.mountId());
      return true;
    } catch (LinuxException e) {
      return existsOtherwise(mount, e);
    }
  }

  /** What to believe when statmount(2) fails. */
  static boolean existsOtherwise(MountIdentity mount, LinuxException failure) throws IOException {
    if (failure.errno() == libc_h.ENOENT()) {
      return false;
    }
    if (mount.mountId() >= FIRST_UNIQUE_ID) {
      throw failure; // the table has the other IDs, and so would always say that it is gone
    }
    return MountInfo.read().has(mount);
  }

  @Override
  public void unmount(Path path) throws IOException {
    MountCalls.unmount(path);
  }

  @Override
  public MountIdentity containing(Path path) throws IOException {
    try {
      return identity(path, libc_h.AT_SYMLINK_NOFOLLOW(), () -> mountIdOfOpened(path));
    } catch (LinuxException e) {
      throw named(path, e);
    }
  }

  @Override
  public boolean isDirectory(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = known(arena, path, libc_h.AT_SYMLINK_NOFOLLOW(), libc_h.STATX_TYPE());
      return (statx.stx_mode(buffer) & libc_h.S_IFMT()) == libc_h.S_IFDIR();
    } catch (LinuxException e) {
      throw named(path, e);
    }
  }

  /** The mount that an opened file lies on. */
  static MountIdentity containing(OpenFile file) throws IOException {
    return identity(file.self(), 0, () -> mountIdOf(file));
  }

  /** Asks the kernel in a way of its own where statx(2) does not tell. */
  @FunctionalInterface
  private interface OtherWay {
    long mountId() throws IOException;
  }

  private static MountIdentity identity(Path path, int flags, OtherWay otherWay)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = known(arena, path, flags, libc_h.STATX_MNT_ID() | STATX_MNT_ID_UNIQUE);
      int known = statx.stx_mask(buffer);
      boolean tellsMount = (known & (libc_h.STATX_MNT_ID() | STATX_MNT_ID_UNIQUE)) != 0;
      return new MountIdentity(
          tellsMount ? statx.stx_mnt_id(buffer) : otherWay.mountId(),
          statx.stx_dev_major(buffer) + ":" + statx.stx_dev_minor(buffer));
    }
  }

  /** What the kernel knows already is enough, so that a dead NFS server need not be asked. */
  private static MemorySegment known(Arena arena, Path path, int flags, int mask)
      throws LinuxException {
    MemorySegment buffer =
        arena.allocate(statx.layout().byteSize(), statx.layout().byteAlignment());
    Libc.statx(
        arena,
        path.toString(),
        flags | libc_h.AT_NO_AUTOMOUNT() | libc_h.AT_STATX_DONT_SYNC(),
        mask,
        buffer);
    return buffer;
  }

  /** Before Linux 5.8 statx(2) does not tell; proc(5), fdinfo, does since 3.15. */
  static long mountIdOfOpened(Path path) throws IOException {
    try (OpenFile file = OpenFile.of(path, libc_h.O_PATH() | libc_h.O_NOFOLLOW())) {
      return mountIdOf(file);
    }
  }

  private static long mountIdOf(OpenFile file) throws IOException {
    for (String line : ProcFile.lines("/proc/self/fdinfo/" + file.number())) {
      if (line.startsWith("mnt_id:")) {
        return Long.parseLong(line.substring("mnt_id:".length()).strip());
      }
    }
    throw new IOException("this kernel does not tell mounts apart; Linux 3.15 or newer is needed");
  }

  @Override
  public FileSystem fileSystem(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer =
          arena.allocate(statfs.layout().byteSize(), statfs.layout().byteAlignment());
      Libc.statfs(arena, path.toString(), buffer);
      long block = statfs.f_frsize(buffer) == 0 ? statfs.f_bsize(buffer) : statfs.f_frsize(buffer);
      return new FileSystem(
          FileSystemType.name(statfs.f_type(buffer)),
          statfs.f_blocks(buffer) * block,
          (statfs.f_blocks(buffer) - statfs.f_bfree(buffer)) * block,
          statfs.f_bavail(buffer) * block,
          (statfs.f_flags(buffer) & libc_h.ST_RDONLY()) != 0);
    } catch (LinuxException e) {
      throw named(path, e);
    }
  }

  private static IOException named(Path path, LinuxException e) {
    if (e.errno() == libc_h.ENOENT() || e.errno() == libc_h.ENOTDIR()) {
      return new NoSuchFileException(path.toString());
    }
    return e;
  }
}
