// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.lifecycle.Evidence;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * statmount(2) and listmount(2), Linux 6.8, which tell of mounts by their unique IDs and never wait
 * for a file system. Debian 12's headers do not have them; the layouts are those of linux/mount.h.
 */
final class MountQueries {
  /** struct mnt_id_req in its first form: size and spare, mnt_id, param. */
  private static final long REQUEST_SIZE = 24;

  /** LSMT_ROOT: the mounts of this namespace. */
  private static final long ALL = -1;

  private static final int LISTMOUNT_REVERSE = 1; // Linux 6.12
  private static final int PAGE = 512;

  /** STATMOUNT_SB_BASIC, _MNT_BASIC, _MNT_ROOT, _MNT_POINT and _FS_TYPE. */
  private static final long WANTED = 0x1 | 0x2 | 0x8 | 0x10 | 0x20;

  // struct statmount; texts are offsets into what follows the fixed part.
  private static final int SIZE = 0;
  private static final int DEVICE_MAJOR = 16;
  private static final int DEVICE_MINOR = 20;
  private static final int SUPERBLOCK_FLAGS = 32;
  private static final int TYPE = 36;
  private static final int OLD_ID = 56;
  private static final int ATTRIBUTES = 64;
  private static final int ROOT = 104;
  private static final int MOUNTPOINT = 108;
  private static final int TEXTS = 512;

  /** Two paths, each of PATH_MAX, and a type. */
  private static final long LARGEST = TEXTS + 2 * 4096 + 512;

  /** SB_RDONLY and MOUNT_ATTR_RDONLY. */
  private static final int READ_ONLY = 1;

  private MountQueries() {}

  /** What the kernel tells of a mount of this namespace; empty if there is no such mount. */
  static Optional<MountFacts> facts(long uniqueId, long namespace) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LARGEST, Long.BYTES);
      query(SystemCall.STATMOUNT, arena, request(arena, uniqueId, WANTED), buffer, LARGEST, 0);
      // Copied as a whole: single bytes of a segment are slow to read.
      byte[] answer =
          buffer.asSlice(0, buffer.get(ValueLayout.JAVA_INT, SIZE)).toArray(ValueLayout.JAVA_BYTE);
      Evidence mount =
          new Evidence(
              namespace,
              uniqueId,
              Integer.toUnsignedLong(number(answer, OLD_ID)),
              number(answer, DEVICE_MAJOR) + ":" + number(answer, DEVICE_MINOR),
              text(answer, ROOT),
              text(answer, MOUNTPOINT));
      boolean readOnly =
          ((number(answer, SUPERBLOCK_FLAGS) | number(answer, ATTRIBUTES)) & READ_ONLY) != 0;
      return Optional.of(new MountFacts(mount, text(answer, TYPE), readOnly));
    } catch (LinuxException e) {
      if (e.errno() == libc_h.ENOENT()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The highest unique ID of the mounts of this namespace. Fails before Linux 6.12. */
  static long newest() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ids = arena.allocate(Long.BYTES, Long.BYTES);
      MemorySegment request = request(arena, ALL, 0);
      query(SystemCall.LISTMOUNT, arena, request, ids, 1, LISTMOUNT_REVERSE);
      return ids.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  /** The unique IDs of all mounts of this namespace, the oldest first. */
  static List<Long> all() throws LinuxException {
    List<Long> all = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ids = arena.allocate((long) PAGE * Long.BYTES, Long.BYTES);
      long last = 0;
      long count = PAGE;
      while (count == PAGE) {
        MemorySegment request = request(arena, ALL, last);
        count = query(SystemCall.LISTMOUNT, arena, request, ids, PAGE, 0);
        for (long i = 0; i < count; i++) {
          last = ids.getAtIndex(ValueLayout.JAVA_LONG, i);
          all.add(last);
        }
      }
    }
    return all;
  }

  private static MemorySegment request(Arena arena, long mountId, long parameter) {
    MemorySegment request = arena.allocate(REQUEST_SIZE, Long.BYTES);
    request.set(ValueLayout.JAVA_INT, 0, (int) REQUEST_SIZE);
    request.set(ValueLayout.JAVA_LONG, 8, mountId);
    request.set(ValueLayout.JAVA_LONG, 16, parameter);
    return request;
  }

  private static long query(
      SystemCall call,
      Arena arena,
      MemorySegment request,
      MemorySegment answer,
      long size,
      int flags)
      throws LinuxException {
    return Syscall.call(
        arena,
        call,
        () -> call == SystemCall.STATMOUNT ? "statmount" : "listmount",
        request.address(),
        answer.address(),
        size,
        flags);
  }

  private static int number(byte[] answer, int offset) {
    return ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder()).getInt(offset);
  }

  private static String text(byte[] answer, int offset) {
    int start = TEXTS + number(answer, offset);
    int end = start;
    while (end < answer.length && answer[end] != 0) {
      end++;
    }
    return new String(answer, start, end - start, StandardCharsets.UTF_8);
  }
}
