// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statfs;
import io.dvdi.volume.FileSystem;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** File systems, from statfs(2). */
public final class LinuxFileSystem {
  private LinuxFileSystem() {}

  /**
   * The file system at a path. Blocks as long as its server does not answer.
   *
   * @throws NoSuchFileException if the path does not exist
   */
  public static FileSystem at(Path path) throws IOException {
    return at(path.toString());
  }

  /** The same for a path that the locale of this process may not be able to encode. */
  static FileSystem at(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer =
          arena.allocate(statfs.layout().byteSize(), statfs.layout().byteAlignment());
      KernelCalls.statfs(arena, path, buffer);
      long block = statfs.f_frsize(buffer) == 0 ? statfs.f_bsize(buffer) : statfs.f_frsize(buffer);
      return new FileSystem(
          FileSystemType.name(statfs.f_type(buffer)),
          statfs.f_blocks(buffer) * block,
          (statfs.f_blocks(buffer) - statfs.f_bfree(buffer)) * block,
          statfs.f_bavail(buffer) * block,
          (statfs.f_flags(buffer) & libc_h.ST_RDONLY()) != 0);
    } catch (LinuxException e) {
      if (e.errno() == libc_h.ENOENT() || e.errno() == libc_h.ENOTDIR()) {
        throw new NoSuchFileException(path);
      }
      throw e;
    }
  }
}
