// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.bindings.libc.libc_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;

/** errno(3): error numbers for people. */
@SuppressWarnings("restricted") // reads a text of the C library
final class Errno {
  /** Second names of numbers that have a better known one. */
  private static final Set<String> ALIASES = Set.of("EWOULDBLOCK", "EDEADLOCK", "ENOTSUP");

  private static final int LONGEST_WORDS = 256;

  private Errno() {}

  /**
   * The name of a number. It is looked up in the bindings each time. A table would be filled when
   * the class starts, and a class that cannot start because memory is short is lost.
   */
  static String name(int errno) {
    for (Method constant : libc_h.class.getDeclaredMethods()) {
      String name = constant.getName();
      if (name.charAt(0) == 'E'
          && constant.getParameterCount() == 0
          && Modifier.isStatic(constant.getModifiers())
          && !ALIASES.contains(name)
          && isValue(constant, errno)) {
        return name;
      }
    }
    return "errno " + errno;
  }

  private static boolean isValue(Method constant, int errno) {
    try {
      return Integer.valueOf(errno).equals(constant.invoke(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a constant of the bindings cannot be read", e);
    }
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
}
