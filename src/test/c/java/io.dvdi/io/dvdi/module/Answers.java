// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/** What the functions answer with. */
final class Answers {
  private Answers() {}

  record Bind(String source, List<String> mount, String target, int readOnly) {}

  static MemorySegment empty(Arena arena) {
    return arena.allocate(88, 8);
  }

  static MemorySegment full(Arena arena, String name) {
    MemorySegment volume = arena.allocate(64, 8);
    Structs.put(arena, volume, 0, "local");
    Structs.put(arena, volume, 16, name);
    Structs.put(arena, volume, 32, "/mnt/" + name);
    volume.set(JAVA_LONG, 48, 1000);
    volume.set(JAVA_LONG, 56, 400);
    MemorySegment answer = empty(arena);
    answer.set(ADDRESS, 56, volume);
    answer.set(JAVA_LONG, 64, 1);
    return answer;
  }

  static MemorySegment of(
      Arena arena, String failure, List<Bind> binds, Map<String, String> environment) {
    MemorySegment answer = empty(arena);
    if (failure != null) {
      answer.set(JAVA_INT, 0, 1);
      Structs.put(arena, answer, 8, failure);
    }
    MemorySegment bindArray = arena.allocate(88L * binds.size() + 1, 8);
    for (int i = 0; i < binds.size(); i++) {
      Structs.put(arena, bindArray, i * 88L, binds.get(i).source());
      for (int field = 0; field < 3; field++) {
        Structs.put(arena, bindArray, i * 88L + 16 + field * 16L, binds.get(i).mount().get(field));
      }
      Structs.put(arena, bindArray, i * 88L + 64, binds.get(i).target());
      bindArray.set(JAVA_INT, i * 88L + 80, binds.get(i).readOnly());
    }
    answer.set(ADDRESS, 24, bindArray);
    answer.set(JAVA_LONG, 32, binds.size());
    MemorySegment entryArray = arena.allocate(32L * environment.size() + 1, 8);
    long at = 0;
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      Structs.put(arena, entryArray, at, variable.getKey());
      Structs.put(arena, entryArray, at + 16, variable.getValue());
      at += 32;
    }
    answer.set(ADDRESS, 40, entryArray);
    answer.set(JAVA_LONG, 48, environment.size());
    return answer;
  }
}
