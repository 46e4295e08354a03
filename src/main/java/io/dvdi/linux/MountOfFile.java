// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statx;
import io.dvdi.lifecycle.MountIdentity;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Which mount a file lies on, on any kernel. */
final class MountOfFile {
  private MountOfFile() {}

  /** The mount that an opened file lies on. */
  static MountIdentity of(OpenFile file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer =
          arena.allocate(statx.layout().byteSize(), statx.layout().byteAlignment());
      int asked = libc_h.STATX_MNT_ID() | UniqueMounts.STATX_MNT_ID_UNIQUE;
      // What the kernel knows already is enough, so that a dead NFS server need not be asked.
      int flags = libc_h.AT_NO_AUTOMOUNT() | libc_h.AT_STATX_DONT_SYNC();
      KernelCalls.statx(arena, file.self().toString(), flags, asked, buffer);
      return new MountIdentity(
          (statx.stx_mask(buffer) & asked) != 0 ? statx.stx_mnt_id(buffer) : idOf(file),
          statx.stx_dev_major(buffer) + ":" + statx.stx_dev_minor(buffer));
    }
  }

  /** The mount ID at a path, before Linux 5.8, where statx(2) does not tell. */
  static long idAt(Path path) throws IOException {
    try (OpenFile file = OpenFile.of(path, libc_h.O_PATH() | OpenFile.O_NOFOLLOW)) {
      return idOf(file);
    }
  }

  /** See proc(5), fdinfo: since Linux 3.15. */
  private static long idOf(OpenFile file) throws IOException {
    for (String line : ProcFile.lines("/proc/self/fdinfo/" + file.number())) {
      if (line.startsWith("mnt_id:")) {
        return Long.parseLong(line.substring("mnt_id:".length()).strip());
      }
    }
    throw new IOException("this kernel does not show mount IDs; Linux 3.15 or newer is needed");
  }
}
