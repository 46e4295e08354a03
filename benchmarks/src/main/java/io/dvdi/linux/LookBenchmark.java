// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import io.dvdi.bindings.libc.libc_h;
import io.dvdi.bindings.libc.statfs;
import io.dvdi.lifecycle.Seen;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What is mounted at a path: the module's whole look, and the system calls that it makes with FFM,
 * beside two other ways, which both read the mount table.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class LookBenchmark {
  /** How many file systems are mounted beside those of the host. */
  @Param({"10", "1000"})
  public int mounts;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final long namespace = MountNamespace.own();
  private Optional<TmpfsFolder> folder = Optional.empty();
  private Optional<LinuxMounts> kernel = Optional.empty();
  private Path volume = Path.of("/");

  @Setup(Level.Trial)
  public void mount() throws IOException {
    TmpfsFolder tmpfs = new TmpfsFolder();
    folder = Optional.of(tmpfs);
    for (int i = 0; i < mounts; i++) {
      volume = tmpfs.newFolder("volume-" + i);
      MountCalls.mount("benchmark", volume, "tmpfs", 0, "size=64k");
    }
    kernel = Optional.of(new LinuxMounts(new KernelLook(threads, Duration.ofSeconds(5))));
    if (!(look().place() instanceof Seen.Mounted)) {
      throw new IllegalStateException("the mount is not seen: " + look());
    }
  }

  /** Another thread makes the system calls, since a file system may hang. */
  @Benchmark
  public Seen look() {
    return kernel
        .orElseThrow()
        .look("data", Optional.of(volume.toString()), Optional.empty(), Optional.empty(), false);
  }

  @Benchmark
  public PathEntry statx() throws LinuxException {
    return PathEntry.of(volume.toString(), libc_h.STATX_MNT_ID());
  }

  @Benchmark
  public long statfs() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(statfs.layout());
      KernelCalls.statfs(arena, volume.toString(), buffer);
      return statfs.f_flags(buffer);
    }
  }

  @Benchmark
  public FileStore fileStore() throws IOException {
    return Files.getFileStore(volume);
  }

  @Benchmark
  public List<MountFacts> mountinfo() throws IOException {
    return ProcFile.lines("/proc/self/mountinfo").stream()
        .map(line -> MountLine.parse(line, namespace))
        .flatMap(Optional::stream)
        .toList();
  }

  @TearDown(Level.Trial)
  public void stop() throws IOException {
    threads.shutdownNow();
    folder.orElseThrow().close();
  }
}
