// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a task waits for at its start, and its agent at its end: records, driver, mount and proof,
 * from a caller in Java. The gc profiler also counts what is allocated in the part that is not
 * timed, so that both benchmarks show the allocation of a prepare and a cleanup together.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 800, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class PrepareBenchmark {

  /** Is cleaned up after each prepare. */
  public static class Waiting extends PreparedContainer {
    @TearDown(Level.Invocation)
    public void end() {
      cleanUp();
    }
  }

  /** Is prepared before each cleanup. */
  public static class Running extends PreparedContainer {
    @Setup(Level.Invocation)
    public void start() {
      Launch unused = prepare();
    }
  }

  @Benchmark
  public Launch prepare(Waiting container) {
    return container.prepare();
  }

  @Benchmark
  public void cleanup(Running container) {
    container.cleanUp();
  }
}
