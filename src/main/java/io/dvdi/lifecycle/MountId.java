// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.VolumeId;

/**
 * A mount ID that the driver may know. It stays on record until it is settled: until the driver no
 * longer has it, and can no longer receive it.
 *
 * @param value what the driver is sent; never used again
 * @param spelling the driver and the volume's name as they were sent with it
 * @param mount what is known of its Mount
 * @param unmount what is known of its Unmount
 * @param doubtEnds when a call that was cut off can no longer take effect, in ms of CLOCK_BOOTTIME
 */
public record MountId(
    String value, VolumeId spelling, MountCall mount, UnmountCall unmount, long doubtEnds) {

  /** What is known of a Mount. */
  public enum MountCall {
    /** Announced, and its outcome is unknown: the mount may exist, or may still appear. */
    SENT,
    /** The driver says that it succeeded. */
    DONE,
    /** It succeeded, and the kernel shows the mount: containers may have it. */
    PROVED,
    /** The driver says that it failed. */
    REFUSED,
    /** Its outcome was never known, and it can no longer take effect. */
    EXPIRED,
    /** From before the last boot. Only a driver whose account survives a boot can still have it. */
    EARLIER_BOOT
  }

  /** What is known of an Unmount. Unless it is NONE, no further container gets this mount ID. */
  public enum UnmountCall {
    /** Never sent. */
    NONE,
    /** Announced, and its outcome is unknown. */
    SENT,
    /** The driver says that it succeeded. */
    DONE,
    /** The driver says that it failed. It is sent again later. */
    REFUSED,
    /** To be sent, or sent again, now. */
    DUE
  }

  /** Whether a call with this ID was cut off, and may still take effect. */
  public boolean isInDoubt() {
    return mount == MountCall.SENT || unmount == UnmountCall.SENT;
  }

  MountId with(MountCall next) {
    return new MountId(value, spelling, next, unmount, doubtEnds);
  }

  MountId with(UnmountCall next) {
    return new MountId(value, spelling, mount, next, doubtEnds);
  }

  MountId inDoubtUntil(long moment) {
    return new MountId(value, spelling, mount, unmount, moment);
  }

  /**
   * This mount ID after the end of its doubt: the call has not taken effect, and cannot any more.
   */
  MountId expired() {
    return new MountId(
        value,
        spelling,
        mount == MountCall.SENT ? MountCall.EXPIRED : mount,
        unmount == UnmountCall.SENT ? UnmountCall.DUE : unmount,
        doubtEnds);
  }
}
