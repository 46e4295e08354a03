// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

/** Counts what happens to volumes, and reports each new value to a meter. Thread-safe. */
public final class Metrics {
  /** What is counted. dvdi.h explains each. */
  public enum Metric {
    VOLUMES_MOUNTED,
    VOLUMES_STUCK,
    OPERATIONS,
    MOUNTS,
    MOUNT_FAILURES,
    UNMOUNTS,
    UNMOUNT_FAILURES,
    VOLUMES_LOST
  }

  /** The port to what shows the values. Must not block. */
  @FunctionalInterface
  public interface Meter {
    void measure(Metric metric, long value);
  }

  private final long[] values = new long[Metric.values().length];
  private final Meter meter;

  public Metrics(Meter meter) {
    this.meter = meter;
  }

  /** Reports under the lock: otherwise, an older value could be reported last. */
  synchronized void add(Metric metric, long difference) {
    if (difference != 0) {
      values[metric.ordinal()] += difference; // which takes no memory
      meter.measure(metric, values[metric.ordinal()]);
    }
  }
}
