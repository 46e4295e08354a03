// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Sparse files: they use less disk space than their length. */
public final class SparseFile {
  /** The unit of stx_blocks, whatever the file system's own blocks are, see statx(2). */
  private static final long BLOCK = 512;

  private SparseFile() {}

  /**
   * How many bytes of disk space the file can still use without becoming longer.
   *
   * @throws NoSuchFileException if the file does not exist
   */
  public static long hole(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer =
          arena.allocate(statx.layout().byteSize(), statx.layout().byteAlignment());
      KernelCalls.statx(
          arena,
          file.toString(),
          libc_h.AT_SYMLINK_NOFOLLOW(),
          libc_h.STATX_SIZE() | libc_h.STATX_BLOCKS(),
          buffer);
      return Math.max(0, statx.stx_size(buffer) - statx.stx_blocks(buffer) * BLOCK);
    } catch (LinuxException e) {
      if (e.errno() == libc_h.ENOENT()) {
        throw new NoSuchFileException(file.toString());
      }
      throw e;
    }
  }
}
