// SPDX-License-Identifier: Apache-2.0
package io.dvdi.boundary;

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
 * A call from C into Java and back, on one thread: a loop in C calls a function pointer that FFM
 * made, or JNI's CallStaticIntMethod, or a function in C. Each function adds 1.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class BareUpcallBenchmark {
  private static final int CALLS = 1000;

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int c() throws Throwable {
    return Ffm.repeat(Ffm.PLAIN_NOTHING, CALLS);
  }

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int jni() {
    return Jni.repeat(CALLS);
  }

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int ffm() throws Throwable {
    return Ffm.repeat(Ffm.NEXT, CALLS);
  }
}
