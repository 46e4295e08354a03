// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.passwd;
import io.dvdi.bindings.libc.statx;
import io.dvdi.lifecycle.MountIdentity;
import io.dvdi.lifecycle.Owner;
import io.dvdi.lifecycle.OwnerRefusedException;
import io.dvdi.lifecycle.Owners;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;

/** Users from getpwnam_r(3), and owners of directories through chown(2). Thread-safe. */
public final class LinuxOwners implements Owners {
  /**
   * For the text of one entry, including comment and home, in bytes. It grows if it is too small.
   */
  private static final int FIRST_BUFFER = 4096;

  private static final int LARGEST_BUFFER = 1024 * 1024;

  /** getpwnam(3), ERRORS: some user databases return one of these if a user does not exist. */
  private static final Set<Integer> NOT_FOUND =
      Set.of(0, libc_h.ENOENT(), libc_h.ESRCH(), libc_h.EBADF(), libc_h.EPERM());

  /**
   * Errors of FUSE servers, of NFS servers that map root to nobody, and of file systems without
   * owners.
   */
  private static final Set<Integer> REFUSED =
      Set.of(
          libc_h.EPERM(), libc_h.EACCES(), libc_h.ENOSYS(), libc_h.EOPNOTSUPP(), libc_h.EINVAL());

  /** Whether this process acts as root. */
  public static boolean agentIsRoot() {
    return KernelCalls.geteuid() == 0;
  }

  @Override
  public Owner named(String user) throws IOException {
    for (int size = FIRST_BUFFER; ; size *= 4) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment entry = passwd.allocate(arena);
        MemorySegment found = arena.allocate(libc_h.C_POINTER);
        int error = libc_h.getpwnam_r(text(arena, user), entry, arena.allocate(size), size, found);
        if (found.get(libc_h.C_POINTER, 0).address() != 0) {
          return new Owner(user, passwd.pw_uid(entry), passwd.pw_gid(entry));
        }
        if (error != libc_h.ERANGE() || size >= LARGEST_BUFFER) {
          throw new IOException(
              NOT_FOUND.contains(error)
                  ? "this host has no user '%s'; name one that `getent passwd` has".formatted(user)
                  : "this host cannot tell who user '%s' is: %s"
                      .formatted(user, Errno.name(error)));
        }
      }
    }
  }

  private static MemorySegment text(Arena arena, String user) throws IOException {
    if (user.indexOf('\0') >= 0) {
      throw new IOException("the user's name has a NUL in it");
    }
    byte[] bytes = user.getBytes(StandardCharsets.UTF_8);
    MemorySegment text = arena.allocate(bytes.length + 1L);
    text.asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    return text;
  }

  @Override
  public boolean give(Path directory, MountIdentity mount, Owner owner) throws IOException {
    int flags = libc_h.O_PATH() | OpenFile.O_DIRECTORY | OpenFile.O_NOFOLLOW;
    // Opened once: what is looked at is what is given away, whatever is mounted meanwhile.
    try (OpenFile file = OpenFile.of(directory, flags);
        Arena arena = Arena.ofConfined()) {
      if (!MountOfFile.of(file).equals(mount)) {
        throw new IOException(directory + " is no longer on its mount");
      }
      MemorySegment status = statx.allocate(arena);
      KernelCalls.statx(arena, file.self().toString(), 0, libc_h.STATX_UID(), status);
      if (statx.stx_uid(status) == owner.uid()) {
        return false;
      }
      file.chown(owner.uid(), owner.gid());
      KernelCalls.statx(arena, file.self().toString(), 0, libc_h.STATX_UID(), status);
      if (statx.stx_uid(status) != owner.uid()) {
        throw new OwnerRefusedException("chown(2) succeeded and changed nothing", null);
      }
      return true;
    } catch (LinuxException e) {
      if (REFUSED.contains(e.errno())) {
        throw new OwnerRefusedException(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }
}
