// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
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

/** mount(2) and umount2(2) by FFM. Most of the time is the kernel's. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class MountBenchmark {

  /** A folder, and what is mounted on it. */
  @State(Scope.Benchmark)
  public static class Mountpoint {
    @Param({"tmpfs", "bind"})
    public String type = "tmpfs";

    private Optional<TmpfsFolder> folder = Optional.empty();
    private Optional<OpenedPath> source = Optional.empty();
    private Path target = Path.of("/");

    @Setup(Level.Trial)
    public void open() throws IOException {
      TmpfsFolder tmpfs = new TmpfsFolder();
      folder = Optional.of(tmpfs);
      target = tmpfs.newFolder("target");
      source = Optional.of(OpenedPath.of(tmpfs.newFolder("source")));
    }

    void mount() throws LinuxException {
      if (type.equals("bind")) {
        MountCalls.bind(source.orElseThrow(), target, 0);
      } else {
        MountCalls.mount("benchmark", target, "tmpfs", 0, "size=64k");
      }
    }

    void unmount() throws LinuxException {
      MountCalls.unmount(target);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      source.orElseThrow().close();
      folder.orElseThrow().close();
    }
  }

  /** Nothing is mounted before each call. */
  public static class Free extends Mountpoint {
    @TearDown(Level.Invocation)
    public void end() throws LinuxException {
      unmount();
    }
  }

  /** Something is mounted before each call. */
  public static class Taken extends Mountpoint {
    @Setup(Level.Invocation)
    public void begin() throws LinuxException {
      mount();
    }
  }

  @Benchmark
  public void mount(Free mountpoint) throws LinuxException {
    mountpoint.mount();
  }

  @Benchmark
  public void unmount(Taken mountpoint) throws LinuxException {
    mountpoint.unmount();
  }
}
