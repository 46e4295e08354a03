// SPDX-License-Identifier: Apache-2.0
package io.dvdi.benchmarks;

import io.dvdi.checkpoint.Predecessors;
import io.dvdi.checkpoint.RecordFolder;
import io.dvdi.driver.Drivers;
import io.dvdi.isolator.Isolator;
import io.dvdi.isolator.Metrics;
import io.dvdi.isolator.Parts;
import io.dvdi.isolator.Policy;
import io.dvdi.linux.BootClock;
import io.dvdi.linux.ContainedFolders;
import io.dvdi.linux.FreshIds;
import io.dvdi.linux.KernelLook;
import io.dvdi.linux.LinuxMounts;
import io.dvdi.linux.LinuxOwners;
import io.dvdi.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/** An isolator with the module's own parts and default times, and no host. */
public final class IsolatorFixture implements AutoCloseable {
  /** A log of which nothing is kept. */
  public static final Log SILENCE = (level, text) -> {};

  private static final Duration KERNEL_TIMEOUT = Duration.ofSeconds(5);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Isolator isolator;

  /**
   * Builds the isolator, and has it recover no container.
   *
   * @param drivers makes the drivers, which look at mounts as the isolator does
   * @param meter is told the metrics
   * @param records the folder of the records; it may be missing if none is written
   */
  public IsolatorFixture(Function<KernelLook, Drivers> drivers, Metrics.Meter meter, Path records)
      throws IOException {
    KernelLook kernel = new KernelLook(threads, KERNEL_TIMEOUT);
    Parts parts =
        new Parts(
            new Parts.World(
                drivers.apply(kernel),
                new LinuxMounts(kernel),
                new LinuxOwners(),
                ContainedFolders::find,
                new BootClock(),
                new FreshIds()),
            policy(),
            new Metrics(meter),
            threads,
            new Parts.Timers(timer, timer),
            SILENCE);
    this.isolator = new Isolator(parts, new RecordFolder(records, "boot", 0), Predecessors.NONE);
    isolator.recover(Set.of()).join();
  }

  private static Policy policy() {
    return new Policy(
        new Policy.Requests("local", "/usr/bin/dvdcli", Optional.empty(), false, List.of()),
        new Policy.Times(
            Duration.ofMinutes(2),
            Duration.ofMinutes(2),
            Duration.ofSeconds(10),
            Duration.ofMillis(500),
            Duration.ofMinutes(2)),
        false,
        false);
  }

  public Isolator isolator() {
    return isolator;
  }

  /** Ends its threads. What is mounted stays mounted. */
  @Override
  public void close() {
    threads.shutdownNow();
    timer.shutdownNow();
  }
}
