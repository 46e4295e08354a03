// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.log.Failure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A function of dvdi_module. A Throwable that left it would end the agent's process. So it is the
 * only way to make such a function, and it allocates nothing before its {@code try}: pointers
 * arrive as numbers, since FFM makes an object of each pointer before it calls the method.
 */
@SuppressWarnings("restricted") // makes upcall stubs
final class Upcall {
  /** The number of a call that does nothing; see {@link #enter(long, long, long)}. */
  static final long REHEARSAL = 0;

  /**
   * The same for all functions, also for those with fewer arguments: to link another form takes the
   * JVM milliseconds. On x86-64 and arm64, a pointer and a number are passed in the same registers,
   * and what the caller did not pass is not read.
   */
  private static final FunctionDescriptor FUNCTION =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  // Constants: the generated class would be initialised by the first call that is refused.
  private static final int ACCEPTED = dvdi_h.DVDI_ACCEPTED();
  private static final int CLOSED = dvdi_h.DVDI_CLOSED();
  private static final Integer FAULT = dvdi_h.DVDI_FAULT();

  /** What a refused call returns. */
  private static final Map<Failure, Integer> CODES =
      new EnumMap<>(
          Map.of(
              Failure.NO_MEMORY, dvdi_h.DVDI_OUT_OF_MEMORY(),
              Failure.NO_THREAD, dvdi_h.DVDI_NO_THREAD(),
              Failure.NO_STACK, dvdi_h.DVDI_NO_STACK(),
              Failure.NOT_LOADED, dvdi_h.DVDI_NOT_LOADED(),
              Failure.DEFECT, FAULT));

  /** What a function does. Its arguments are those of dvdi.h; a missing one can be anything. */
  interface Body {
    void run(long call, long address, long count);
  }

  private final OutOfMemoryError rehearsed = new OutOfMemoryError("rehearsal");
  private final Body body;
  private final BooleanSupplier closed;
  private final Host host;

  Upcall(Host host, BooleanSupplier closed, Body body) {
    this.host = host;
    this.closed = closed;
    this.body = body;
  }

  /** Makes the function. It lives as long as the process. */
  MemorySegment stub() {
    try {
      MethodHandle enter = MethodHandles.lookup().bind(this, "enter", FUNCTION.toMethodType());
      return Linker.nativeLinker().upcallStub(enter, FUNCTION, Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("there is no method enter", e);
    }
  }

  /**
   * Runs the body. The entrypoint rehearses each function many times at boot, with the call number
   * 0: what the JVM loads, links and specialises on the way in takes memory outside of the {@code
   * try}, and what it loads on the way out of a failure must be there when memory is not.
   */
  int enter(long call, long address, long count) {
    try {
      if (call == REHEARSAL) {
        throw rehearsed;
      }
      if (closed.getAsBoolean()) {
        return CLOSED;
      }
      body.run(call, address, count);
      return ACCEPTED;
    } catch (Throwable e) {
      return refuse(e);
    }
  }

  private int refuse(Throwable e) {
    Failure failure = Failure.DEFECT;
    try {
      failure = Failure.of(e);
      if (failure != Failure.NO_MEMORY) {
        host.error("a call was refused: " + e);
      }
    } catch (Throwable another) {
      // There is no memory to say more, or the Throwable's own text throws.
    }
    return CODES.getOrDefault(failure, FAULT);
  }
}
