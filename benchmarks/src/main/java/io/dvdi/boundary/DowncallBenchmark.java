// SPDX-License-Identifier: Apache-2.0
package io.dvdi.boundary;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A call from Java into C: by FFM, by FFM with errno captured, by JNI, and the same function called
 * by a loop in C. The functions do nothing, or make one system call.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class DowncallBenchmark {
  private static final int CALLS = 1000;

  private final MemorySegment errno = Ffm.capture(Arena.global());
  private int number;

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int nothingC() throws Throwable {
    return Ffm.repeat(Ffm.PLAIN_NOTHING, CALLS);
  }

  @Benchmark
  public int nothingJni() {
    return Jni.nothing(number);
  }

  @Benchmark
  public int nothingFfm() throws Throwable {
    return (int) Ffm.NOTHING.invokeExact(number);
  }

  @Benchmark
  public int nothingFfmErrno() throws Throwable {
    return (int) Ffm.NOTHING_ERRNO.invokeExact(errno, number);
  }

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int getpidC() throws Throwable {
    return Ffm.repeat(Ffm.PLAIN_GETPID, CALLS);
  }

  @Benchmark
  public int getpidJni() {
    return Jni.getpid(number);
  }

  @Benchmark
  public int getpidFfm() throws Throwable {
    return (int) Ffm.GETPID.invokeExact(number);
  }

  @Benchmark
  public int getpidFfmErrno() throws Throwable {
    return (int) Ffm.GETPID_ERRNO.invokeExact(errno, number);
  }

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int statxC() throws Throwable {
    return Ffm.repeat(Ffm.PLAIN_STATX, CALLS);
  }

  @Benchmark
  public int statxJni() {
    return Jni.statx(number);
  }

  @Benchmark
  public int statxFfm() throws Throwable {
    return (int) Ffm.STATX.invokeExact(number);
  }

  @Benchmark
  public int statxFfmErrno() throws Throwable {
    return (int) Ffm.STATX_ERRNO.invokeExact(errno, number);
  }
}
