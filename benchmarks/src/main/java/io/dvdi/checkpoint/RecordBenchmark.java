// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.benchmarks.BuiltPrograms;
import io.dvdi.benchmarks.IsolatorFixture;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.Terms;
import io.dvdi.lifecycle.Trouble;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.Whereabouts;
import io.dvdi.linux.TmpfsFolder;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * The record of a volume that one container holds: its durable replacement and its durable removal.
 * A prepare makes two writes, a release one write and one removal.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RecordBenchmark {

  /** A folder with records. */
  @State(Scope.Benchmark)
  public static class Written {
    /** On which file system; the disk is that of the checkout. */
    @Param({"tmpfs", "disk"})
    public String folder = "tmpfs";

    final VolumeRecord record = record(new VolumeId("rexray", "data"));
    private Optional<TmpfsFolder> tmpfs = Optional.empty();
    private Optional<Path> disk = Optional.empty();
    private Optional<RecordFolder> records = Optional.empty();

    @Setup(Level.Trial)
    public void open() throws IOException {
      Path root;
      if (folder.equals("tmpfs")) {
        tmpfs = Optional.of(new TmpfsFolder());
        root = tmpfs.get().path();
      } else {
        root = Files.createTempDirectory(BuiltPrograms.folder(), "records-");
        disk = Optional.of(root);
      }
      RecordFolder opened = new RecordFolder(root, "boot", 0);
      List<VolumeState> unused = opened.readAll(Set.of(), IsolatorFixture.SILENCE);
      records = Optional.of(opened);
    }

    private static VolumeRecord record(VolumeId id) {
      Moment announced = Moment.at(4026531841L, 2147484000L);
      Path mountpoint = Path.of("/var/lib/rexray/volumes/data");
      return new VolumeRecord(
          id,
          new Terms("plugin", Options.NONE, false, false, false),
          List.of(new ContainerId("6f1d1c0e-3d5c-4b54-9d4b-0c54a9b1d0f7")),
          List.of(
              new MountId(
                  "0c54a9b1d0f74b549d4b6f1d1c0e3d5c",
                  id,
                  MountId.MountCall.PROVED,
                  MountId.UnmountCall.NONE,
                  0)),
          new Whereabouts(
              Optional.of(mountpoint.toString()),
              false,
              Optional.of(
                  new Evidence(4026531841L, 2147484001L, 412, "0:71", "/", mountpoint.toString())),
              announced,
              announced),
          Trouble.NONE);
    }

    void write() throws IOException {
      records.orElseThrow().write(record);
    }

    void remove() throws IOException {
      records.orElseThrow().remove(record.id());
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      if (tmpfs.isPresent()) {
        tmpfs.get().close();
      }
      if (disk.isPresent()) {
        try (Stream<Path> files = Files.walk(disk.get())) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  /** The same; before each removal, there is a record. */
  public static class Removed extends Written {
    @Setup(Level.Invocation)
    public void fill() throws IOException {
      write();
    }
  }

  @Benchmark
  public void write(Written folder) throws IOException {
    folder.write();
  }

  @Benchmark
  public void remove(Removed folder) throws IOException {
    folder.remove();
  }
}
