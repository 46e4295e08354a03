// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import java.util.List;

/** What becomes of calls that nobody listens to any more: the agent died, or the connection did. */
final class Unheard {
  private final World world;
  private final Calls calls;

  Unheard(World world) {
    this.world = world;
    this.calls = world.calls;
  }

  void agentDied() {
    for (Request request : List.copyOf(calls.open)) {
      if (!request.live) {
        continue;
      }
      request.live = false;
      world.truths[request.volume].unclear = true;
      leave(request);
    }
  }

  /** Nobody listens any more. It may never happen, or at any time until the doubt about it ends. */
  private void leave(Request request) {
    if (world.script != null) {
      return; // it says when the call comes, if it does
    }
    if (world.habits.own()) {
      outlive(request);
      return;
    }
    if (!world.calm && world.faultRate > 0 && world.choices.oneIn(world.faultRate)) {
      world.met(Fault.CALL_LATER_THAN_DOUBT, request.operation + " v" + request.volume);
      request.later = true;
      world.truths[request.volume].later = true;
      long delay = Math.max(0, request.doubtEnds - world.now());
      calls.carryOut(request, delay + 1 + world.choices.below(20_000));
      return;
    }
    switch (world.choices.below(3)) {
      case 0 -> calls.close(request);
      case 1 ->
          calls.carryOut(
              request,
              Math.min(world.choices.below(100), Math.max(0, request.doubtEnds - world.now() - 1)));
      default -> calls.carryOutLater(request);
    }
    if (request.doubtEnds <= world.now()) {
      calls.close(request);
    }
  }

  /**
   * The thread of a system call ends with its process, or when the kernel has done what it was
   * called for, however long that takes. The next agent starts after that: the thread keeps the
   * lock of the state folder.
   */
  private void outlive(Request request) {
    switch (world.choices.below(4)) {
      case 0 -> calls.close(request);
      case 1 -> calls.carryOut(request, world.choices.below(100));
      case 2 -> calls.carryOut(request, world.choices.below(40_000));
      default -> request.fate = Fault.CALL_HANGS;
    }
  }

  /** A call that hangs or was cut off reaches the driver, by the script. */
  void come() {
    List.copyOf(calls.open).forEach(calls::arrive);
  }

  /** A call will come later than the doubt about it lasts, by the script. */
  void comesLater() {
    for (Request request : calls.open) {
      request.later = true;
      world.truths[request.volume].later = true;
    }
  }

  /** A call that hangs or was cut off never comes, by the script. */
  void goAway() {
    List.copyOf(calls.open).forEach(calls::close);
  }

  /** The storage that system calls wait for is back. */
  void storageIsBack() {
    for (Request request : List.copyOf(calls.open)) {
      calls.carryOut(request, 0);
    }
  }

  void driverRestarted() {
    for (Request request : List.copyOf(calls.open)) {
      if (request.live) {
        calls.cut(request, 1);
      }
      if (!request.later) {
        leave(request);
      }
    }
  }

  /** A system call of an earlier agent is still under way: its process is not gone. */
  boolean isStuck() {
    for (Request request : calls.open) {
      if (world.habits.own() && !request.live) {
        return true;
      }
    }
    return false;
  }
}
