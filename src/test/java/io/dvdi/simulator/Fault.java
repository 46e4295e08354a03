// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

/** What goes wrong, and what is merely unusual. */
enum Fault {
  // A driver's call.
  /** Nothing listens at the driver's socket. */
  CALL_NOT_SENT,
  /** The connection breaks, and the request never arrives. */
  CALL_VANISHED,
  /** The request is carried out, and its answer is lost. */
  CALL_ANSWER_LOST,
  /** The connection breaks, and the request is carried out later. */
  CALL_LATE,
  /** Later than a doubt lasts, which nothing can exclude. */
  CALL_LATER_THAN_DOUBT,
  /** An error, and nothing was done. */
  CALL_REFUSED,
  /** An error, and all was done. */
  CALL_ERROR_BUT_DONE,
  /** Success, and nothing was done. */
  CALL_SUCCESS_NOT_DONE,
  /** It takes longer than a container waits. */
  CALL_SLOW,
  /** No answer until the driver is restarted. */
  CALL_HANGS,
  /** rclone after EBUSY: the mount ID is gone, the mount is not. */
  UNMOUNT_BUSY,
  /** dvdcli repeats a Mount by itself when the first was not answered properly. */
  MOUNT_REPEATED,
  /** The driver mounts it read-only: an ext4 with errors=remount-ro. */
  MOUNTED_READ_ONLY,
  // The driver.
  ASK_NOT_ANSWERED,
  /** "Storage service is away". */
  ASK_ERROR,
  /** It restarts and knows nobody any more; the mount stays. */
  DRIVER_RESTARTS,
  /** It restarts, and its FUSE mount is dead. */
  DRIVER_LEAVES_DEAD_MOUNT,
  /** It restarts, and mounts again what it had, for the same mount IDs. */
  DRIVER_MOUNTS_AGAIN,
  OTHER_CLIENT_MOUNTS,
  OTHER_CLIENT_UNMOUNTS,
  OTHER_CLIENT_CREATES,
  // The kernel.
  MOUNT_VANISHES,
  MOUNT_DIES,
  MOUNT_SILENT,
  /** What a look has seen is told only seconds later. */
  LOOK_SLOW,
  MOUNT_COVERED,
  /** A process of the host uses it: umount2(2) answers EBUSY. */
  MOUNT_BUSY,
  /** Its storage never comes back. */
  STORAGE_LOST,
  OTHER_NAMESPACE,
  FORCE_FAILS,
  CHOWN_FAILS,
  // The disk.
  DISK_FULL,
  WRITE_FAILED_OLD,
  WRITE_FAILED_NEW,
  RECORD_TORN,
  RECORD_ROTS,
  // The agent, the host and the tasks.
  KILL,
  BOOT,
  INQUIRY_HANGS,
  INQUIRY_FAILS,
  TASK_DIES_WHILE_AGENT_IS_DOWN,
  PREPARE_CANCELLED
}
