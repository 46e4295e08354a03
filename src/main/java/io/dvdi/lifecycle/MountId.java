// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.VolumeId;

/**
 * A mount ID that the driver may know. It stays on record until it is settled: until the driver
 * cannot have it, nor get it, any more.
 *
 * @param value as the driver is told, and never used again
 * @param spelling driver and name as they were sent with it
 * @param mount what is known of its Mount
 * @param unmount what is known of its Unmount
 * @param doubtEnds when a call that was cut off cannot take effect any more, in ms of
 *     CLOCK_BOOTTIME
 */
public record MountId(
    String value, VolumeId spelling, MountCall mount, UnmountCall unmount, long doubtEnds) {

  /** What is known of a Mount. */
  public enum MountCall {
    /** Announced. Its end is not known: it may come, or may have come. */
    SENT,
    /** The driver says that it succeeded. */
    DONE,
    /** It succeeded, and the kernel shows the mount: containers may have it. */
    PROVED,
    /** The driver says that it failed. */
    REFUSED,
    /** Its end was never heard of, and it cannot come any more. */
    EXPIRED,
    /** From before the last boot: only a driver that keeps an account over a boot can have it. */
    EARLIER_BOOT
  }

  /** What is known of an Unmount. Other than NONE, no further container gets this mount ID. */
  public enum UnmountCall {
    /** Never sent. */
    NONE,
    /** Announced. Its end is not known. */
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

  /** The doubt is over, and what was sent has not come. */
  MountId expired() {
    return new MountId(
        value,
        spelling,
        mount == MountCall.SENT ? MountCall.EXPIRED : mount,
        unmount == UnmountCall.SENT ? UnmountCall.DUE : unmount,
        doubtEnds);
  }
}
