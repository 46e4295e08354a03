// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Reads and writes the structs of dvdi.h. */
final class Structs {
  private Structs() {}

  static void put(Arena arena, MemorySegment to, long offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    MemorySegment data = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, data, JAVA_BYTE, 0, bytes.length);
    to.set(ADDRESS, offset, data);
    to.set(JAVA_LONG, offset + 8, bytes.length);
  }

  static MemorySegment at(MemorySegment address, long size) {
    return address.reinterpret(size);
  }

  static String string(MemorySegment segment, long offset) {
    long size = segment.get(JAVA_LONG, offset + 8);
    byte[] bytes = at(segment.get(ADDRESS, offset), size).toArray(JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static Map<String, String> entries(MemorySegment address, long count) {
    Map<String, String> map = new HashMap<>();
    MemorySegment array = at(address, count * 32);
    for (long i = 0; i < count; i++) {
      map.put(string(array, i * 32), string(array, i * 32 + 16));
    }
    return map;
  }
}
