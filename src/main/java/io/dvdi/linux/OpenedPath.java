// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statx;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A path that was resolved once. What is checked of it and what is then mounted are the same file,
 * also when somebody replaces a folder on the way by a link in between.
 */
public final class OpenedPath implements AutoCloseable {
  private final OpenFile file;

  private OpenedPath(OpenFile file) {
    this.file = file;
  }

  /** Resolves a path, links included. */
  public static OpenedPath of(Path path) throws LinuxException {
    return new OpenedPath(OpenFile.of(path, libc_h.O_PATH()));
  }

  /** Where the path led. */
  public Path real() throws LinuxException {
    return file.path();
  }

  /** A name of the file itself, good until it is closed. */
  public Path self() {
    return file.self();
  }

  /** The device that a device file stands for, {@code major:minor}; 0:0 for what is none. */
  public String deviceNumber() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer =
          arena.allocate(statx.layout().byteSize(), statx.layout().byteAlignment());
      Libc.statx(arena, self().toString(), 0, libc_h.STATX_TYPE(), buffer);
      return statx.stx_rdev_major(buffer) + ":" + statx.stx_rdev_minor(buffer);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
