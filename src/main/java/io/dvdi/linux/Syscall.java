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
import java.util.function.Supplier;

/**
 * syscall(2), the way into the kernel. Each argument of a system call is a word: a number, or the
 * address of memory.
 *
 * <p>All calls share one handle. To link another one, the JVM generates and loads some ten classes,
 * which takes it about as long as a mount. Thread-safe.
 */
@SuppressWarnings("restricted") // calling into C is what this package is for
final class Syscall {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));

  /** The linker saves errno right after the call, because the JVM makes system calls of its own. */
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              libc_h.syscall.address(),
              FunctionDescriptor.of(
                  libc_h.C_LONG,
                  libc_h.C_LONG,
                  libc_h.C_LONG,
                  libc_h.C_LONG,
                  libc_h.C_LONG,
                  libc_h.C_LONG,
                  libc_h.C_LONG,
                  libc_h.C_LONG),
              Linker.Option.firstVariadicArg(1),
              Linker.Option.captureCallState("errno"));

  private Syscall() {}

  /**
   * Makes a system call.
   *
   * @param arena for errno; it must own, or outlive, the memory whose addresses are passed
   * @param what is called, and on what: the beginning of the message if it fails
   * @param words its arguments, at most six
   * @return what the call returns
   * @throws LinuxException if that is -1
   */
  static long call(Arena arena, SystemCall call, Supplier<String> what, long... words)
      throws LinuxException {
    MemorySegment state = arena.allocate(STATE);
    long result;
    try {
      result =
          (long)
              SYSCALL.invokeExact(
                  state,
                  call.number(),
                  word(words, 0),
                  word(words, 1),
                  word(words, 2),
                  word(words, 3),
                  word(words, 4),
                  word(words, 5));
    } catch (Error e) {
      throw e; // no memory, or no stack, on the way to the call
    } catch (Throwable e) {
      throw new IllegalStateException("a downcall does not throw", e);
    }
    if (result == -1) {
      throw new LinuxException(what.get(), state.get(ValueLayout.JAVA_INT, ERRNO));
    }
    return result;
  }

  /**
   * Makes a call again that a signal interrupted: the agent's handlers may ask for that, and the
   * kernel may give its signals to any thread.
   */
  static long restarted(Arena arena, SystemCall call, Supplier<String> what, long... words)
      throws LinuxException {
    while (true) {
      try {
        return call(arena, call, what, words);
      } catch (LinuxException e) {
        if (e.errno() != libc_h.EINTR()) {
          throw e;
        }
      }
    }
  }

  private static long word(long[] words, int index) {
    return index < words.length ? words[index] : 0;
  }
}
