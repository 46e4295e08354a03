// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * errno(3). The linker saves it right after the call, because the JVM makes system calls of its
 * own.
 */
@SuppressWarnings("restricted") // calling into C is what this package is for
final class Errno {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long OFFSET = STATE.byteOffset(PathElement.groupElement("errno"));

  /** Second names of numbers that have a better known one. */
  private static final Set<String> ALIASES = Set.of("EWOULDBLOCK", "EDEADLOCK", "ENOTSUP");

  private static final int LONGEST_WORDS = 256;

  private Errno() {}

  /** A handle whose first parameter is the segment that takes errno; see {@link #capture}. */
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

  /** As strerror_r(3) says it, in the process's language. */
  static String words(int errno) {
    try (Arena arena = Arena.ofConfined()) {
      // GNU's form: the text is in the buffer only for numbers that it does not know.
      MemorySegment buffer = arena.allocate(LONGEST_WORDS);
      MemorySegment words =
          libc_h.strerror_r(errno, buffer, LONGEST_WORDS).reinterpret(LONGEST_WORDS);
      int length = 0;
      while (length < LONGEST_WORDS && words.get(ValueLayout.JAVA_BYTE, length) != 0) {
        length++;
      }
      return new String(words.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), UTF_8);
    }
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
