// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.simulator.Habits.Keeps;
import io.dvdi.simulator.Habits.Transport;
import io.dvdi.simulator.Request.Operation;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a call. */
final class Fates {
  private Fates() {}

  static @Nullable Fault of(World world, Operation operation) {
    boolean ours = world.habits.transport() == Transport.OURSELVES;
    boolean mount = operation == Operation.MOUNT;
    Fault fate =
        switch (world.choices.below(ours ? 3 : 16)) {
          case 0 -> Fault.CALL_REFUSED;
          case 1 -> Fault.CALL_SLOW;
          case 2 -> ours ? Fault.CALL_HANGS : Fault.CALL_NOT_SENT;
          case 3 -> Fault.CALL_VANISHED;
          case 4 -> Fault.CALL_ANSWER_LOST;
          case 5 -> Fault.CALL_LATE;
          case 6 -> Fault.CALL_ERROR_BUT_DONE;
          case 7 -> Fault.CALL_HANGS;
          case 8, 9, 10 -> Fault.UNMOUNT_BUSY;
          case 11, 12, 13 -> Fault.MOUNT_REPEATED;
          case 14 -> Fault.MOUNTED_READ_ONLY;
          default -> Fault.CALL_SUCCESS_NOT_DONE;
        };
    return switch (fate) {
      case UNMOUNT_BUSY ->
          operation == Operation.UNMOUNT && world.habits.keeps() == Keeps.IDS ? fate : null;
      case MOUNT_REPEATED -> mount && world.habits.transport() == Transport.PROGRAM ? fate : null;
      case MOUNTED_READ_ONLY -> mount ? fate : null;
      default -> fate;
    };
  }
}
