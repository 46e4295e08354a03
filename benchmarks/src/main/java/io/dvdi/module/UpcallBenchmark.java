// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.benchmarks.IsolatorFixture;
import io.dvdi.bindings.contract.dvdi_answer;
import io.dvdi.bindings.contract.dvdi_container;
import io.dvdi.bindings.contract.dvdi_entry;
import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.bindings.contract.dvdi_host;
import io.dvdi.bindings.contract.dvdi_module;
import io.dvdi.bindings.contract.dvdi_string;
import io.dvdi.driver.InstalledDrivers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What crossing the boundary costs: a call through a function pointer of the module's table, as C
 * makes it, up to the answer through a function pointer of the host's. The benchmark makes the
 * first call with FFM, which costs more than the call of a C program.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class UpcallBenchmark {
  private static final int VARIABLES = 40; // an executor's environment in Mesos has about as many

  private final Arena arena = Arena.ofShared();
  private final MemorySegment table = dvdi_module.allocate(arena);
  private final Semaphore answered = new Semaphore(0);
  private Optional<IsolatorFixture> fixture = Optional.empty();
  private MemorySegment unknown = MemorySegment.NULL;
  private MemorySegment container = MemorySegment.NULL;

  /** Builds a module whose drivers are never reached. */
  @Setup(Level.Trial)
  public void fill() throws IOException {
    MemorySegment host = dvdi_host.allocate(arena);
    dvdi_host.version(host, dvdi_h.DVDI_VERSION());
    dvdi_host.log(host, dvdi_host.log.allocate((level, text) -> {}, arena));
    dvdi_host.complete(
        host, dvdi_host.complete.allocate((call, answer) -> complete(answer), arena));
    dvdi_host.measure(host, dvdi_host.measure.allocate((metric, value) -> {}, arena));
    Host javaHost = new Host(host);
    // Its drivers are never reached, so that it writes no record.
    IsolatorFixture built =
        new IsolatorFixture(
            kernel ->
                new InstalledDrivers(
                    Map.of(),
                    List.of(),
                    new InstalledDrivers.Choice(Set.of(), Set.of(), Set.of(), Set.of(), Map.of()),
                    Duration.ZERO),
            javaHost::measure,
            Path.of("/nonexistent"));
    fixture = Optional.of(built);
    new Calls(javaHost, built.isolator(), () -> CompletableFuture.completedFuture(null), () -> {})
        .fill(table);
    unknown = dvdi_string.allocate(arena);
    Texts.write(unknown, "6f1d1c0e-3d5c-4b54-9d4b-0c54a9b1d0f7", arena);
    container = dvdi_container.allocate(arena);
    Texts.write(dvdi_container.id(container), "6f1d1c0e-3d5c-4b54-9d4b-0c54a9b1d0f7", arena);
    Texts.write(
        dvdi_container.sandbox(container), "/var/lib/mesos/slaves/s/frameworks/f/runs/c", arena);
    MemorySegment environment = dvdi_entry.allocateArray(VARIABLES, arena);
    for (int i = 0; i < VARIABLES; i++) {
      Texts.write(
          dvdi_entry.name(dvdi_entry.asSlice(environment, i)), "MESOS_VARIABLE_" + i, arena);
      Texts.write(
          dvdi_entry.value(dvdi_entry.asSlice(environment, i)), "a value of some length", arena);
    }
    dvdi_container.environment(container, environment);
    dvdi_container.environment_count(container, VARIABLES);
  }

  private void complete(MemorySegment answer) {
    if (dvdi_answer.failed(dvdi_answer.reinterpret(answer, arena, null)) != 0) {
      throw new IllegalStateException("the call failed");
    }
    answered.release();
  }

  @TearDown(Level.Trial)
  public void stop() {
    fixture.orElseThrow().close();
  }

  /** A call that is answered before it returns: the boundary alone. */
  @Benchmark
  public void cleanupOfAnUnknownContainer() throws InterruptedException {
    dvdi_module.cleanup.invoke(dvdi_module.cleanup(table), 1, unknown);
    answered.acquire();
  }

  /**
   * A container with an environment and no volume: copied, handed to another thread, and answered
   * from there.
   */
  @Benchmark
  public void prepareWithoutVolumes() throws InterruptedException {
    dvdi_module.prepare.invoke(dvdi_module.prepare(table), 1, container);
    answered.acquire();
  }
}
