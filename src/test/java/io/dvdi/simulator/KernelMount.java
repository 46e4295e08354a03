// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.volume.Options;
import java.util.Optional;

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
  final boolean made;

  /** Ours now: another client has it once we have given it up. */
  boolean ours;

  /** When it was made. */
  final long madeAt;

  Health health = Health.ANSWERS;
  boolean readOnly;

  /** A process of the host uses it, so that it cannot be unmounted but lazily. */
  boolean busy;

  /** Its storage never comes back. */
  boolean lost;

  /** With which options it was mounted, of {@code local}. */
  Options options = Options.NONE;

  /** Why no task may have it, such as a kernel file system. */
  Optional<String> refusal = Optional.empty();

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
    this.made = ours;
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
