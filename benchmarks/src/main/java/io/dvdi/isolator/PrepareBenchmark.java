// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.Predecessors;
import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.driver.InstalledDrivers;
import io.dvdi.driver.dvdcli.DvdcliDriver;
import io.dvdi.driver.local.LocalDriver;
import io.dvdi.driver.local.LocalSettings;
import io.dvdi.driver.plugin.PluginDiscovery;
import io.dvdi.driver.plugin.PluginDriver;
import io.dvdi.driver.plugin.PluginFolders;
import io.dvdi.driver.plugin.StandInPlugin;
import io.dvdi.linux.BootClock;
import io.dvdi.linux.ContainedFolders;
import io.dvdi.linux.KernelLook;
import io.dvdi.linux.LinuxMounts;
import io.dvdi.linux.LinuxOwners;
import io.dvdi.linux.MountCalls;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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
 * What a task waits for that is the first on its volume: records, driver, mount and proof. The
 * volume is a tmpfs each time, mounted by the driver local, by a plugin that does nothing else, and
 * by a dvdcli that is a script with mount(8). Needs root.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PrepareBenchmark {
  private static final Log SILENCE = (level, text) -> {};

  /** Who mounts. */
  @Param({"local", "plugin", "dvdcli"})
  public String driver = "local";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Path folder =
      Path.of(System.getProperty("java.io.tmpdir"), "dvdi-benchmark-" + UUID.randomUUID());
  private Optional<StandInPlugin> plugin = Optional.empty();
  private Optional<Isolator> isolator = Optional.empty();
  private Optional<Container> container = Optional.empty();

  /** Builds an isolator with all three drivers. */
  @Setup(Level.Trial)
  public void build() throws IOException {
    Files.createDirectories(folder);
    Path sockets = Files.createDirectory(folder.resolve("sockets"));
    Path mountpoint = Files.createDirectory(folder.resolve("mountpoint"));
    StandInPlugin standIn = new StandInPlugin(sockets.resolve("plugin.sock"));
    standIn.volumes.add("data");
    standIn.on("Mount", (request, out) -> mount(mountpoint, out));
    standIn.on("Unmount", (request, out) -> unmount(mountpoint, out));
    plugin = Optional.of(standIn);
    Path program = folder.resolve("dvdcli");
    Files.writeString(
        program,
        """
        #!/bin/sh
        case $1 in
          list) echo data ;;
          mount) mount -t tmpfs -o size=1m dvdi %1$s && echo %1$s ;;
          unmount) umount %1$s ;;
        esac
        """
            .formatted(mountpoint));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));

    PluginDiscovery discovery =
        new PluginDiscovery(new PluginFolders(sockets, List.of(), folder.resolve("managed")));
    Duration timeout = Duration.ofSeconds(5);
    KernelLook kernel = new KernelLook(threads, timeout);
    InstalledDrivers drivers =
        new InstalledDrivers(
            Map.of(
                "local",
                new LocalDriver(
                    new LocalSettings(folder.resolve("local"), List.of(), false),
                    folder.resolve("mounting"),
                    Optional::empty,
                    kernel,
                    SILENCE)),
            List.of(
                new PluginDriver(discovery, Duration.ZERO, SILENCE),
                new DvdcliDriver(program, SILENCE)),
            new InstalledDrivers.Choice(Set.of("plugin", "dvdcli"), Set.of(), Set.of()),
            Duration.ZERO);
    Parts parts =
        new Parts(
            new Parts.World(
                drivers,
                new LinuxMounts(kernel),
                new LinuxOwners(),
                ContainedFolders::find,
                new BootClock()),
            new Policy(
                new Policy.Requests(driver, program.toString(), Optional.empty(), false, List.of()),
                new Policy.Times(
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(2),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(500),
                    Duration.ofMinutes(2)),
                Set.of(),
                false,
                false),
            new Metrics((metric, value) -> {}),
            threads,
            new Parts.Timers(timer, timer),
            SILENCE);
    Isolator built =
        new Isolator(
            parts,
            new RecordFolder(Files.createDirectory(folder.resolve("records")), "boot", 0),
            Predecessors.NONE);
    built.recover(Set.of()).join();
    isolator = Optional.of(built);
    container =
        Optional.of(
            new Container(
                new ContainerId("6f1d1c0e-3d5c-4b54-9d4b-0c54a9b1d0f7"),
                Files.createDirectory(folder.resolve("sandbox")),
                Optional.empty(),
                List.of(
                    Map.entry("DVDI_VOLUME_NAME", "data"),
                    Map.entry("DVDI_VOLUME_OPTS", driver.equals("local") ? "type=tmpfs" : ""),
                    Map.entry("DVDI_VOLUME_CONTAINERPATH", "data")),
                List.of(),
                Optional.empty()));
  }

  private static void mount(Path at, OutputStream out) throws IOException {
    MountCalls.mount("dvdi", at, "tmpfs", 0, "size=1m");
    out.write(StandInPlugin.json(200, "{\"Mountpoint\":\"" + at + "\"}"));
  }

  private static void unmount(Path at, OutputStream out) throws IOException {
    MountCalls.unmount(at);
    out.write(StandInPlugin.json(200, "{}"));
  }

  /** From the call to the answer with which the task starts. */
  @Benchmark
  public Launch prepare() {
    return isolator.orElseThrow().prepare(container.orElseThrow()).join();
  }

  /** Not measured: the volume is unmounted again. */
  @TearDown(Level.Invocation)
  public void cleanUp() {
    Void unused = isolator.orElseThrow().cleanup(container.orElseThrow().id()).join();
  }

  @TearDown(Level.Trial)
  public void stop() throws IOException {
    plugin.orElseThrow().close();
    threads.shutdownNow();
    timer.shutdownNow();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
