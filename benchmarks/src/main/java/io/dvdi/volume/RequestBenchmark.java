// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import io.dvdi.benchmarks.TaskVariables;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading a task's variables: 30 that have nothing to do with volumes, and those of volumes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RequestBenchmark {
  @Param({"1", "3"})
  public int volumes;

  private List<Map.Entry<String, String>> variables = List.of();

  @Setup
  public void fill() {
    variables = TaskVariables.of("rexray", "size=10,type=gp3", volumes);
  }

  @Benchmark
  public List<VolumeRequest> parse() {
    return VolumeRequests.parse(variables, List.of(), "rexray");
  }
}
