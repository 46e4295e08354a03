// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.dvdi.checkpoint.Predecessors;
import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Owners;
import io.dvdi.linux.ContainedFolders;
import io.dvdi.linux.KernelLook;
import io.dvdi.linux.LinuxMounts;
import io.dvdi.linux.LinuxOwners;
import io.dvdi.log.Log;
import io.dvdi.testing.MountsBelow;
import io.dvdi.testing.RecordFiles;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.ContainerVolume;
import io.dvdi.volume.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An isolator on real mounts in a folder of its own. {@link #restart} is a kill -9 of the agent and
 * a new one.
 */
final class IsolatorFixture implements AutoCloseable {
  static final String BOOT = "this-boot";

  private final List<ExecutorService> executors = new ArrayList<>();
  final Path folder;
  final Path records;
  final Path sandbox;
  final ScriptedDriver driver;
  final List<String> log = new CopyOnWriteArrayList<>();
  final Map<Metrics.Metric, Long> metrics = new ConcurrentHashMap<>();
  Duration mountTimeout = Duration.ofSeconds(60);
  Duration unmountTimeout = Duration.ofSeconds(60);
  boolean ownedByTask;

  /** As where the limit of the agent's unit is reached. */
  volatile boolean noThreads;

  /** For so many lines of log there is no memory. */
  final AtomicInteger noMemory = new AtomicInteger();

  /** A line of log with this text fails; empty if none does. */
  volatile String notLoaded = "";

  Predecessors predecessors = Predecessors.NONE;
  Optional<Neighbour> neighbour = Optional.empty();
  Set<String> plainDirectories = Set.of();
  Set<String> suidDrivers = Set.of();
  Options defaultOptions = Options.NONE;
  List<Path> containerPaths = List.of();
  Owners owners = new LinuxOwners();
  UnaryOperator<Mounts> mounts = mounts -> mounts;
  RecordFolder recordFolder = new RecordFolder(Path.of("/nonexistent"), BOOT, 0);
  Isolator isolator;

  IsolatorFixture(Path folder) throws IOException {
    this.folder = folder;
    this.records = Files.createDirectory(folder.resolve("records"));
    this.sandbox = Files.createDirectory(folder.resolve("sandbox"));
    this.driver = new ScriptedDriver(folder.resolve("volumes"));
    this.isolator = newIsolator(BOOT);
    recover();
  }

  Isolator newIsolator(String bootId) {
    ExecutorService threads = new ScarceThreads(() -> noThreads);
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    executors.add(threads);
    executors.add(timer);
    recordFolder = new RecordFolder(records, bootId, clock() + 2 * mountTimeout.toMillis());
    return new Isolator(
        new Parts(
            new Parts.World(
                new OneDriver("tmp", driver, plainDirectories, suidDrivers, defaultOptions),
                mounts.apply(mounts(threads)),
                owners,
                ContainedFolders::find,
                IsolatorFixture::clock,
                () -> UUID.randomUUID().toString()),
            policy(),
            new Metrics((metric, value) -> metrics.put(metric, value)),
            threads,
            new Parts.Timers(timer, timer),
            logger()),
        recordFolder,
        predecessors);
  }

  static LinuxMounts mounts(ExecutorService threads) {
    Duration timeout = Duration.ofSeconds(20);
    try {
      return new LinuxMounts(new KernelLook(threads, timeout));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long clock() {
    return System.nanoTime() / 1_000_000;
  }

  private Policy policy() {
    return new Policy(
        new Policy.Requests("tmp", "/usr/bin/dvdcli", neighbour, false, containerPaths),
        new Policy.Times(
            mountTimeout,
            unmountTimeout,
            Duration.ofMillis(50),
            Duration.ofMillis(20),
            Duration.ofMillis(200)),
        true,
        ownedByTask);
  }

  private Log logger() {
    return (level, text) -> {
      if (noMemory.getAndUpdate(lines -> Math.max(0, lines - 1)) > 0) {
        throw new OutOfMemoryError("Java heap space");
      }
      if (!notLoaded.isEmpty() && text.contains(notLoaded)) {
        throw new NoClassDefFoundError("io/dvdi/Missing");
      }
      log.add(level + " " + text);
    };
  }

  /** How many of the isolator's threads do something. */
  int busyThreads() {
    return ((ThreadPoolExecutor) executors.get(executors.size() - 2)).getActiveCount();
  }

  /** Starts an isolator that knows only what is on disk; the earlier one never hears of it. */
  void restart(String... alive) {
    restartAfterBoot(BOOT, alive);
  }

  void restartAfterBoot(String bootId, String... alive) {
    executors.get(executors.size() - 1).shutdownNow();
    isolator = newIsolator(bootId);
    recover(alive);
  }

  /** The same, and something happens before recover has ended. */
  void restartSlowly(String alive, Runnable meanwhile) {
    executors.get(executors.size() - 1).shutdownNow();
    isolator = newIsolator(BOOT);
    CompletableFuture<?> recovered = isolator.recover(Set.of(new ContainerId(alive)));
    meanwhile.run();
    Object unused = success(recovered);
  }

  /** With other settings, before anything was done. */
  void renew() {
    restart();
  }

  private void recover(String... alive) {
    Set<ContainerId> ids = new java.util.HashSet<>();
    for (String id : alive) {
      ids.add(new ContainerId(id));
    }
    success(isolator.recover(ids));
  }

  /** A container that wants volumes of the driver tmp, seen on the host. */
  Container container(String id, String... volumes) {
    List<Map.Entry<String, String>> environment = new ArrayList<>();
    for (int i = 0; i < volumes.length; i++) {
      environment.add(Map.entry("DVDI_VOLUME_NAME" + i, volumes[i]));
    }
    return container(id, environment);
  }

  Container container(String id, List<Map.Entry<String, String>> environment) {
    return new Container(
        new ContainerId(id), sandbox, Optional.empty(), environment, List.of(), Optional.empty());
  }

  Container container(String id, ContainerVolume volume) {
    return new Container(
        new ContainerId(id),
        sandbox,
        Optional.empty(),
        List.of(),
        List.of(volume),
        Optional.empty());
  }

  Launch prepare(String id, String... volumes) {
    return success(isolator.prepare(container(id, volumes)));
  }

  String prepareFails(Container container) {
    return failure(isolator.prepare(container));
  }

  void cleanup(String id) {
    success(isolator.cleanup(new ContainerId(id)));
  }

  /** What a host has to bind, as text. */
  static List<String> binds(Launch launch) {
    return launch.binds().stream()
        .map(
            bind ->
                bind.source()
                    + " -> "
                    + bind.target()
                    + (bind.readOnly() ? " ro" : " rw")
                    + (bind.suid() ? ",suid" : ""))
        .toList();
  }

  static <T extends @Nullable Object> T success(CompletableFuture<T> future) {
    try {
      return future.get(90, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the call failed", e);
    }
  }

  static String failure(CompletableFuture<?> future) {
    try {
      future.get(90, TimeUnit.SECONDS);
      return fail("the call succeeded");
    } catch (ExecutionException e) {
      return e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
    } catch (Exception e) {
      throw new AssertionError("the call neither failed nor succeeded", e);
    }
  }

  /** What the mount table of this test's namespace has below the folder. */
  List<String> mounts() {
    return new MountsBelow(folder)
        .mountpoints().stream().map(path -> String.valueOf(path.getFileName())).sorted().toList();
  }

  long recordCount() {
    return RecordFiles.below(records).size();
  }

  static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("never: " + what);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    executors.forEach(ExecutorService::shutdownNow);
    new MountsBelow(folder).unmountAll();
    // What still writes or mounts would do so in a folder that is being deleted.
    boolean ended = executors.stream().allMatch(IsolatorFixture::ends);
    new MountsBelow(folder).unmountAll();
    assertTrue(ended, "the isolator's threads do not end");
  }

  private static boolean ends(ExecutorService executor) {
    try {
      return executor.awaitTermination(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
