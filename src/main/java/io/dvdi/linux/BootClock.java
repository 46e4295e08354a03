// SPDX-License-Identifier: Apache-2.0
package io.dvdi.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * CLOCK_BOOTTIME in ms, so that times in a record have the same meaning for the next agent.
 * Thread-safe.
 *
 * <p>It is read once from {@code /proc/uptime} (proc(5)), in hundredths of a second, and continued
 * with the monotonic clock. Time that the host sleeps while the agent runs is not counted. Drivers
 * on the host sleep too.
 */
public final class BootClock implements LongSupplier {
  private static final Path UPTIME = Path.of("/proc/uptime");

  private final long offset;

  public BootClock() throws IOException {
    String uptime = Files.readString(UPTIME);
    long now = Math.round(Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1000);
    this.offset = now - System.nanoTime() / 1_000_000;
  }

  @Override
  public long getAsLong() {
    return System.nanoTime() / 1_000_000 + offset;
  }

  /** When the host was booted, by its current clock: btime in proc(5). */
  public static Instant booted() throws IOException {
    return Files.readAllLines(Path.of("/proc/stat")).stream()
        .filter(line -> line.startsWith("btime "))
        .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip())))
        .findFirst()
        .orElse(Instant.EPOCH);
  }
}
