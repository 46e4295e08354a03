// SPDX-License-Identifier: Apache-2.0
package io.dvdi.boundary;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dvdi.benchmarks.BuiltPrograms;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** The functions of boundary.h, and functions in Java that C calls, by FFM. */
@SuppressWarnings("restricted") // calling C is what this class is for
final class Ffm {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY =
      SymbolLookup.libraryLookup(BuiltPrograms.folder().resolve("libboundary.so"), Arena.global());
  private static final FunctionDescriptor FUNCTION = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
  private static final FunctionDescriptor RECEIVER =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG);
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  static final MemorySegment PLAIN_NOTHING = address("boundary_nothing");
  static final MemorySegment PLAIN_GETPID = address("boundary_getpid");
  static final MemorySegment PLAIN_STATX = address("boundary_statx");
  static final MemorySegment PLAIN_COPY = address("boundary_copy");

  static final MethodHandle NOTHING = LINKER.downcallHandle(PLAIN_NOTHING, FUNCTION);
  static final MethodHandle GETPID = LINKER.downcallHandle(PLAIN_GETPID, FUNCTION);
  static final MethodHandle STATX = LINKER.downcallHandle(PLAIN_STATX, FUNCTION);
  static final MethodHandle NOTHING_ERRNO = LINKER.downcallHandle(PLAIN_NOTHING, FUNCTION, ERRNO);
  static final MethodHandle GETPID_ERRNO = LINKER.downcallHandle(PLAIN_GETPID, FUNCTION, ERRNO);
  static final MethodHandle STATX_ERRNO = LINKER.downcallHandle(PLAIN_STATX, FUNCTION, ERRNO);
  static final MethodHandle LENGTH =
      LINKER.downcallHandle(address("boundary_length"), FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle REPEAT =
      LINKER.downcallHandle(
          address("boundary_repeat"), FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SEND =
      LINKER.downcallHandle(
          address("boundary_send"), FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  /** {@link #next} as a function pointer. */
  static final MemorySegment NEXT = stub("next", FUNCTION);

  /** {@link #take} as a function pointer. */
  static final MemorySegment TAKE = stub("take", RECEIVER);

  private Ffm() {}

  private static MemorySegment address(String function) {
    return LIBRARY.find(function).orElseThrow();
  }

  private static MemorySegment stub(String method, FunctionDescriptor function) {
    MethodType type = function.toMethodType();
    try {
      MethodHandle target = MethodHandles.lookup().findStatic(Ffm.class, method, type);
      return LINKER.upcallStub(target, function, Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A segment for one call's errno, as the first argument of the handles that end in ERRNO. */
  static MemorySegment capture(Arena arena) {
    return arena.allocate(Linker.Option.captureStateLayout());
  }

  /** Has C call a function this many times. */
  static int repeat(MemorySegment function, int count) throws Throwable {
    return (int) REPEAT.invokeExact(function, count);
  }

  /** Has C send a text of {@code size} bytes to a function this many times. */
  static int send(MemorySegment receiver, long size, int count) throws Throwable {
    return (int) SEND.invokeExact(receiver, size, count);
  }

  /** The length of a text in bytes, which C counts: copied as {@code io.dvdi.linux} does. */
  static int length(String text) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = text.getBytes(UTF_8);
      MemorySegment segment = arena.allocate(bytes.length + 1L);
      MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
      return (int) LENGTH.invokeExact(segment);
    }
  }

  /** Called from C. */
  static int next(int number) {
    return number + 1;
  }

  /** Called from C: reads the text as {@code io.dvdi.module} does. */
  static int take(MemorySegment text, long size) {
    return new String(text.reinterpret(size).toArray(JAVA_BYTE), UTF_8).length();
  }
}
