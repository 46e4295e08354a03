// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * errno(3), taken by the linker right after the call: the JVM makes system calls of its own, so
 * that asking later would give another call's.
 */
final class Errno {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long OFFSET = STATE.byteOffset(PathElement.groupElement("errno"));

  /** Second names of numbers that have a better known one. */
  private static final Set<String> ALIASES = Set.of("EWOULDBLOCK", "EDEADLOCK", "ENOTSUP");

  private Errno() {}

  /** A handle whose first parameter is the segment that takes errno; see {@link #capture}. */
  @SuppressWarnings("restricted") // calling into C is what this package is for
  static MethodHandle capturing(
      MemorySegment address, FunctionDescriptor descriptor, Linker.Option... options) {
    return Linker.nativeLinker()
        .downcallHandle(
            address,
            descriptor,
            Stream.concat(Stream.of(options), Stream.of(Linker.Option.captureCallState("errno")))
                .toArray(Linker.Option[]::new));
  }

  /** A segment for one call's errno. */
  static MemorySegment capture(Arena arena) {
    return arena.allocate(STATE.byteSize(), STATE.byteAlignment());
  }

  static int of(MemorySegment captured) {
    return captured.get(ValueLayout.JAVA_INT, OFFSET);
  }

  /**
   * Reads the names now, while there is memory: a class whose start fails once is lost for ever.
   */
  static void load() {
    String unused = name(0);
  }

  static String name(int errno) {
    return Names.BY_NUMBER.getOrDefault(errno, "errno " + errno);
  }

  /** Read off the bindings. */
  private static final class Names {
    static final Map<Integer, String> BY_NUMBER = new HashMap<>();

    static {
      for (Method constant : libc_h.class.getMethods()) {
        if (constant.getName().matches("E[A-Z0-9]+")
            && constant.getParameterCount() == 0
            && Modifier.isStatic(constant.getModifiers())
            && !ALIASES.contains(constant.getName())) {
          try {
            BY_NUMBER.put((Integer) constant.invoke(null), constant.getName());
          } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
          }
        }
      }
    }
  }
}
