// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statx;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * An open path. It is resolved once, so the file that is checked is the file that is mounted, even
 * if somebody replaces a folder in the path by a link. Not thread-safe.
 */
public final class OpenedPath implements AutoCloseable {
  private final OpenFile file;

  private OpenedPath(OpenFile file) {
    this.file = file;
  }

  /** Opens a path, and follows symbolic links. */
  public static OpenedPath of(Path path) throws LinuxException {
    return new OpenedPath(OpenFile.of(path, libc_h.O_PATH()));
  }

  /** The path without symbolic links. */
  public Path real() throws LinuxException {
    return file.path();
  }

  /** A path that leads to the open file until it is closed. */
  public Path self() {
    return file.self();
  }

  /** The device of a device file, as {@code major:minor}; 0:0 for any other file. */
  public String deviceNumber() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer =
          arena.allocate(statx.layout().byteSize(), statx.layout().byteAlignment());
      KernelCalls.statx(arena, self().toString(), 0, libc_h.STATX_TYPE(), buffer);
      return statx.stx_rdev_major(buffer) + ":" + statx.stx_rdev_minor(buffer);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
