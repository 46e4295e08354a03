// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Folders under a root that a task may have written to. Each component is opened from the one
 * before and never through a symbolic link, so that no link leads out, however the tree changes
 * meanwhile.
 */
public final class ContainedFolders {
  private static final int MODE = 0755;

  private ContainedFolders() {}

  /**
   * Finds a folder, and makes what is missing of it.
   *
   * @param root a folder that the task cannot replace
   * @param components names without slashes, none of them {@code .} or {@code ..}
   * @param create make missing folders, with mode 0755
   * @return its path, without links below the root
   * @throws IOException if a component is a link, no folder, or missing; the message says which and
   *     what to do
   */
  public static Path find(Path root, List<String> components, boolean create) throws IOException {
    OpenFile folder = OpenFile.of(root, libc_h.O_PATH() | libc_h.O_DIRECTORY());
    try {
      Path path = root;
      for (String name : components) {
        path = path.resolve(name);
        OpenFile next = enter(folder, name, path, create);
        folder.close();
        folder = next;
      }
      return path;
    } finally {
      folder.close();
    }
  }

  private static OpenFile enter(OpenFile folder, String name, Path path, boolean create)
      throws IOException {
    int flags = libc_h.O_PATH() | libc_h.O_DIRECTORY() | libc_h.O_NOFOLLOW();
    try {
      return folder.open(name, flags);
    } catch (LinuxException e) {
      if (e.errno() == libc_h.ENOENT() && create) {
        try {
          folder.mkdir(name, MODE);
        } catch (LinuxException made) {
          if (made.errno() != libc_h.EEXIST()) {
            throw new IOException(
                "the folder %s cannot be made: %s".formatted(path, made.errnoName()), made);
          }
        }
        return enter(folder, name, path, false);
      }
      throw new IOException(reason(folder, name, path, e), e);
    }
  }

  private static String reason(OpenFile folder, String name, Path path, LinuxException e) {
    if (e.errno() == libc_h.ENOENT()) {
      return "the folder %s does not exist".formatted(path);
    }
    if (e.errno() == libc_h.ENOTDIR() || e.errno() == libc_h.ELOOP()) {
      try {
        return "%s is a symbolic link (to %s), and none is followed here; name the folder that it leads to"
            .formatted(path, folder.readlink(name));
      } catch (LinuxException notALink) {
        return "%s is a file, not a folder; name a folder".formatted(path);
      }
    }
    return "%s cannot be used: %s".formatted(path, e.errnoName());
  }
}
