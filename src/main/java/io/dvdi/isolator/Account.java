// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.Records;
import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.log.Log;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of this host's volumes: what is in memory is what is on disk. Thread-safe for
 * different volumes; one volume's account is its lane's.
 */
final class Account {
  private final ConcurrentMap<VolumeId, VolumeRecord> known = new ConcurrentHashMap<>();
  private final Records records;
  private final Metrics metrics;
  private final Log log;

  Account(Records records, Metrics metrics, Log log) {
    this.records = records;
    this.metrics = metrics;
    this.log = log;
  }

  @Nullable VolumeRecord of(VolumeId volume) {
    return known.get(volume);
  }

  /** All volumes, as they are now. */
  Collection<VolumeRecord> all() {
    return known.values();
  }

  /** Takes over what is on disk already, or will be written before the world is changed. */
  void note(VolumeRecord record) {
    remember(record);
  }

  /** Writes a record before the world is changed: failing is still possible. */
  void save(VolumeRecord record) throws VolumeException {
    try {
      records.write(record);
      remember(record);
    } catch (IOException e) {
      throw new VolumeException(
          "%s cannot be mounted: its record cannot be written (%s); is the disk of state_dir full?"
              .formatted(record.id(), e.getMessage()),
          e);
    }
  }

  /**
   * Writes a record that says less than before: there is no way back, so a failure is only told.
   */
  void keep(VolumeRecord record) {
    remember(record);
    try {
      records.write(record);
    } catch (IOException e) {
      log.error("the record of %s cannot be written: %s".formatted(record.id(), e.getMessage()));
    }
  }

  /**
   * Removes the record of a volume that is not mounted any more.
   *
   * @return whether that was possible
   */
  boolean forget(VolumeId volume) {
    try {
      records.remove(volume);
      count(known.remove(volume), null);
      return true;
    } catch (IOException e) {
      log.error("the record of %s cannot be removed: %s".formatted(volume, e.getMessage()));
      return false;
    }
  }

  private void remember(VolumeRecord record) {
    count(known.put(record.id(), record), record);
  }

  private void count(@Nullable VolumeRecord before, @Nullable VolumeRecord after) {
    metrics.add(Metrics.Metric.VOLUMES_MOUNTED, mounted(after) - mounted(before));
  }

  private static int mounted(@Nullable VolumeRecord record) {
    return record != null && record.state() == State.MOUNTED ? 1 : 0;
  }
}
