// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.bindings.contract.dvdi_entry;
import io.dvdi.bindings.contract.dvdi_string;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Strings and entries of the contract, copied in both directions. */
@SuppressWarnings("restricted") // the host's arrays come as addresses
final class Texts {
  private Texts() {}

  /**
   * Copies a dvdi_string. Bytes that are no UTF-8 become U+FFFD, which requests refuse where it
   * matters.
   */
  static String read(MemorySegment string) {
    long size = dvdi_string.size(string);
    if (size == 0) {
      return "";
    }
    byte[] bytes = dvdi_string.data(string).reinterpret(size).toArray(JAVA_BYTE);
    return new String(bytes, UTF_8);
  }

  static Optional<String> readOptional(MemorySegment string) {
    return Optional.of(read(string)).filter(text -> !text.isEmpty());
  }

  /** Copies an array of dvdi_entry, in its order. */
  static List<Map.Entry<String, String>> readEntries(
      MemorySegment array, long count, Predicate<String> wanted) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    MemorySegment all = array.reinterpret(count * dvdi_entry.layout().byteSize());
    for (long i = 0; i < count; i++) {
      MemorySegment entry = dvdi_entry.asSlice(all, i);
      String name = read(dvdi_entry.name(entry));
      if (wanted.test(name)) {
        entries.add(Map.entry(name, read(dvdi_entry.value(entry))));
      }
    }
    return entries;
  }

  /** Fills a dvdi_string; the text lives as long as the allocator says. */
  static void write(MemorySegment string, String text, SegmentAllocator allocator) {
    byte[] bytes = text.getBytes(UTF_8);
    MemorySegment data = allocator.allocate(Math.max(1, bytes.length), 1);
    MemorySegment.copy(bytes, 0, data, JAVA_BYTE, 0, bytes.length);
    dvdi_string.data(string, data);
    dvdi_string.size(string, bytes.length);
  }
}
