// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.bindings.contract.dvdi_answer;
import io.dvdi.bindings.contract.dvdi_container;
import io.dvdi.bindings.contract.dvdi_entry;
import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.bindings.contract.dvdi_host;
import io.dvdi.bindings.contract.dvdi_module;
import io.dvdi.bindings.contract.dvdi_string;
import io.dvdi.checkpoint.Predecessors;
import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.driver.Drivers;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.isolator.Isolator;
import io.dvdi.isolator.Metrics;
import io.dvdi.isolator.Parts;
import io.dvdi.isolator.Policy;
import io.dvdi.linux.BootClock;
import io.dvdi.linux.ContainedFolders;
import io.dvdi.linux.KernelLook;
import io.dvdi.linux.LinuxMounts;
import io.dvdi.linux.LinuxOwners;
import io.dvdi.volume.InvalidRequestException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
 * makes it, up to the answer through a function pointer of the host's. Both directions are FFM
 * here, so that an agent pays about half.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class UpcallBenchmark {
  private static final int VARIABLES = 40; // an executor's environment in Mesos has about as many

  private final Arena arena = Arena.ofShared();
  private final MemorySegment table = dvdi_module.allocate(arena);
  private final Semaphore answered = new Semaphore(0);
  private final ExecutorService threads = Executors.newCachedThreadPool();
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
    Duration timeout = Duration.ofSeconds(5);
    Parts parts =
        new Parts(
            new Parts.World(
                new NoDrivers(),
                new LinuxMounts(new KernelLook(threads, timeout)),
                new LinuxOwners(),
                ContainedFolders::find,
                new BootClock()),
            new Policy(
                new Policy.Requests(
                    "rexray", "/usr/bin/dvdcli", Optional.empty(), false, List.of()),
                new Policy.Times(
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(500),
                    Duration.ofMinutes(2)),
                Set.of(),
                false,
                false),
            new Metrics(javaHost::measure),
            threads,
            new Parts.Timers(
                Executors.newSingleThreadScheduledExecutor(),
                Executors.newSingleThreadScheduledExecutor()),
            javaHost);
    Isolator isolator =
        new Isolator(
            parts, new RecordFolder(Path.of("/nonexistent"), "boot", 0), Predecessors.NONE);
    isolator.recover(Set.of()).join();
    new Calls(javaHost, isolator, () -> {}).fill(table);
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

  private static final class NoDrivers implements Drivers {
    @Override
    public VolumeDriver named(String name) {
      throw new InvalidRequestException("no driver is reached here");
    }

    @Override
    public String nameOf(String written, Supplier<Set<String>> onRecord) {
      return written;
    }

    @Override
    public boolean handsOutDirectories(String name) {
      return false;
    }

    @Override
    public String kindOf(VolumeDriver driver) {
      return "";
    }

    @Override
    public VolumeDriver ofKind(String kind) {
      return named(kind);
    }
  }

  private void complete(MemorySegment answer) {
    if (dvdi_answer.failed(dvdi_answer.reinterpret(answer, arena, null)) != 0) {
      throw new IllegalStateException("the call failed");
    }
    answered.release();
  }

  @TearDown(Level.Trial)
  public void stop() {
    threads.shutdownNow();
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
