// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

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

  /** Made beforehand: counting takes no memory. */
  private final Map<Metric, AtomicLong> values = new EnumMap<>(Metric.class);

  private final Meter meter;

  public Metrics(Meter meter) {
    this.meter = meter;
    for (Metric metric : Metric.values()) {
      values.put(metric, new AtomicLong());
    }
  }

  /** Reports under the lock: otherwise, an older value could be reported last. */
  synchronized void add(Metric metric, long difference) {
    if (difference != 0) {
      AtomicLong value = Objects.requireNonNull(values.get(metric));
      meter.measure(metric, value.addAndGet(difference));
    }
  }
}
