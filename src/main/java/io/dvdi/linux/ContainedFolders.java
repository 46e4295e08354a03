// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Folders below a root that a task may change at the same time. Each component is opened relative
 * to the previous one, and never through a symbolic link, so no link leads out of the root.
 */
public final class ContainedFolders {
  private static final int MODE = 0755;

  private ContainedFolders() {}

  /**
   * Finds a folder.
   *
   * @param root a folder whose path the task cannot change
   * @param components names without slashes; no {@code .} or {@code ..}
   * @param create whether to create missing folders, with mode 0755
   * @return its path, without links below the root
   * @throws IOException if a component is a link, is not a folder, or is missing; the message says
   *     which, and what to do
   */
  public static Path find(Path root, List<String> components, boolean create) throws IOException {
    return find(root, components, create, false);
  }

  /**
   * As {@link #find(Path, List, boolean)}.
   *
   * @param rootsOnly whether to create folders only where no user but root can replace them or a
   *     folder above them
   */
  public static Path find(Path root, List<String> components, boolean create, boolean rootsOnly)
      throws IOException {
    OpenFile folder = OpenFile.of(root, libc_h.O_PATH() | OpenFile.O_DIRECTORY);
    try {
      Path path = root;
      Optional<String> replaceable = Optional.empty();
      for (String name : components) {
        if (rootsOnly && replaceable.isEmpty()) {
          replaceable = whoCanReplaceIn(folder, path);
        }
        Path inside = path.resolve(name);
        OpenFile next = enter(folder, name, inside, create && replaceable.isEmpty(), replaceable);
        folder.close();
        folder = next;
        path = inside;
      }
      return path;
    } finally {
      folder.close();
    }
  }

  /**
   * Whether a user other than root can replace a folder in this one. In a sticky folder such as
   * /tmp only the owners can, see inode(7).
   */
  private static Optional<String> whoCanReplaceIn(OpenFile folder, Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = statx.allocate(arena);
      KernelCalls.statx(
          arena, folder.self().toString(), 0, libc_h.STATX_UID() | libc_h.STATX_MODE(), status);
      int mode = statx.stx_mode(status);
      boolean othersWrite =
          (mode & (libc_h.S_IWGRP() | libc_h.S_IWOTH())) != 0 && (mode & libc_h.S_ISVTX()) == 0;
      if (statx.stx_uid(status) == 0 && !othersWrite) {
        return Optional.empty();
      }
      return Optional.of(
          "%s (mode %o) is %s"
              .formatted(
                  path,
                  mode & 07777,
                  othersWrite
                      ? "writable by users other than root"
                      : "user " + Integer.toUnsignedString(statx.stx_uid(status)) + "'s"));
    }
  }

  private static OpenFile enter(
      OpenFile folder, String name, Path path, boolean create, Optional<String> replaceable)
      throws IOException {
    int flags = libc_h.O_PATH() | OpenFile.O_DIRECTORY | OpenFile.O_NOFOLLOW;
    try {
      return folder.open(name, flags);
    } catch (LinuxException e) {
      if (e.errno() == libc_h.ENOENT() && create) {
        try {
          folder.mkdir(name, MODE);
        } catch (LinuxException made) {
          if (made.errno() != libc_h.EEXIST()) {
            throw new IOException(
                "the folder %s cannot be created: %s".formatted(path, made.errnoName()), made);
          }
        }
        return enter(folder, name, path, false, replaceable);
      }
      throw new IOException(
          reason(folder, name, path, e)
              + replaceable
                  .filter(who -> e.errno() == libc_h.ENOENT())
                  .map(who -> ", and is not created, because " + who + ", who could replace it")
                  .orElse(""),
          e);
    }
  }

  private static String reason(OpenFile folder, String name, Path path, LinuxException e) {
    if (e.errno() == libc_h.ENOENT()) {
      return "the folder %s does not exist".formatted(path);
    }
    if (e.errno() == libc_h.ENOTDIR() || e.errno() == libc_h.ELOOP()) {
      try {
        return "%s is a symbolic link (to %s), and links are not followed here; name the folder to which it points"
            .formatted(path, folder.readlink(name));
      } catch (LinuxException notALink) {
        return "%s is a file, not a folder; name a folder".formatted(path);
      }
    }
    return "%s cannot be used: %s".formatted(path, e.errnoName());
  }
}
