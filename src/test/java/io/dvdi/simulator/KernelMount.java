// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Seen.Health;

/** A mount in the simulated kernel. */
final class KernelMount {
  /** Grows with each mount since the boot. */
  final int serial;

  /** The lowest number that was free in each mount namespace, as the kernel's IDA gives them. */
  final int mountId;

  final String device;
  final String mountpoint;

  /** The volume whose file system it is; -1: something else that lies over a volume. */
  final int volume;

  /** Made because of a request of ours. */
  boolean ours;

  /** When it was made. */
  final long madeAt;

  Health health = Health.ANSWERS;
  boolean readOnly;

  /** A task had it. */
  boolean used;

  KernelMount(
      int serial,
      int mountId,
      String device,
      String mountpoint,
      int volume,
      boolean ours,
      long madeAt) {
    this.serial = serial;
    this.mountId = mountId;
    this.device = device;
    this.mountpoint = mountpoint;
    this.volume = volume;
    this.ours = ours;
    this.madeAt = madeAt;
  }

  /**
   * As statx(2) and mountinfo show it in a mount namespace, where each mount has IDs of its own.
   */
  Evidence evidence(int namespace, boolean uniqueIds) {
    return new Evidence(
        4_026_531_840L + namespace,
        uniqueIds ? serial * 8L + namespace + 4096 : 0,
        mountId * 8L + namespace,
        device,
        "/",
        mountpoint);
  }
}
