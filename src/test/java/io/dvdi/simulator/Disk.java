// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.VolumeRecord;
import org.jspecify.annotations.Nullable;

/**
 * The record of one volume on disk. It is written by rename, so that it is the old one or the new
 * one at any time; but when the power fails, the file under the new name may be empty or torn.
 */
final class Disk {
  @Nullable VolumeRecord record;

  /** What is there cannot be read. */
  boolean torn;

  /** The boot in whose folder it lies. */
  int boot;

  /** A write or removal is under way. */
  boolean writing;

  /** What it leaves; null: nothing. */
  @Nullable VolumeRecord next;

  void begin(@Nullable VolumeRecord record) {
    writing = true;
    next = record;
  }

  void done(int now) {
    writing = false;
    record = next;
    torn = false;
    boot = now;
  }

  void failed() {
    writing = false;
  }

  /** By what is on disk, a call may not have ended. */
  boolean isInDoubt() {
    if (record != null) {
      for (MountId id : record.mountIds()) {
        if (id.isInDoubt()) {
          return true;
        }
      }
    }
    return false;
  }

  boolean isEmpty() {
    return record == null && !torn;
  }
}
