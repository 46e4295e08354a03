// SPDX-License-Identifier: Apache-2.0
package io.dvdi.boundary;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A text that crosses the boundary. Into C, where its length is counted: a copy made by FFM, one
 * made by JNI, and a call by FFM without a copy. Into Java, where it becomes a String: by FFM, by
 * JNI, and beside them a copy in C.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class TextBenchmark {
  private static final int CALLS = 100;

  /** Of the text, in bytes. */
  @Param({"16", "1024", "65536"})
  public int size;

  private String text = "";
  private MemorySegment copied = MemorySegment.NULL;

  /** Makes the text, and its copy for {@link #intoCWithoutCopy}. */
  @Setup
  public void write() {
    text = "v".repeat(size);
    copied = Arena.global().allocate(size + 1L).fill((byte) 'v');
    copied.set(ValueLayout.JAVA_BYTE, size, (byte) 0);
  }

  /** The text is in C's memory already. */
  @Benchmark
  public int intoCWithoutCopy() throws Throwable {
    return (int) Ffm.LENGTH.invokeExact(copied);
  }

  @Benchmark
  public int intoCJni() {
    return Jni.length(text);
  }

  @Benchmark
  public int intoCFfm() throws Throwable {
    return Ffm.length(text);
  }

  /** C copies the text for itself. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int intoJavaC() throws Throwable {
    return Ffm.send(Ffm.PLAIN_COPY, size, CALLS);
  }

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int intoJavaJni() {
    return Jni.send(size, CALLS);
  }

  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int intoJavaFfm() throws Throwable {
    return Ffm.send(Ffm.TAKE, size, CALLS);
  }
}
