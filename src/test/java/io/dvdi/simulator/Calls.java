// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.simulator.Habits.Transport;
import io.dvdi.simulator.Request.Operation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls between the agent and its driver. An answer comes over a connection that dies with
 * either; the request may be carried out all the same, at any time until the doubt about it ends.
 */
final class Calls {
  private static final VolumeEvent BROKEN =
      new VolumeEvent.Ended(new VolumeEvent.CutOff("the connection broke"));
  private static final VolumeEvent NOT_SENT =
      new VolumeEvent.Ended(new VolumeEvent.NotSent("connection refused"));
  private static final CallEnd DONE = new VolumeEvent.Succeeded("", false);

  private final World world;
  final List<Request> open = new ArrayList<>();

  Calls(World world) {
    this.world = world;
  }

  void send(int volume, Operation operation, String mountId, int sender, long doubtEnds) {
    Request request = new Request(volume, operation, mountId, sender, doubtEnds);
    request.sentAt = world.now();
    request.covered = world.truths[volume].covered;
    request.options = world.truths[volume].options;
    request.mayCreate =
        !world.drivers[volume].exists
            || world.drivers[volume].createdByOtherAt >= world.truths[volume].askedAtTime;
    world.callChecks.sending(request);
    Fault fate = world.script != null ? world.script.fates.remove(operation) : fate(operation);
    request.fate = fate;
    if (fate != null) {
      world.met(fate, operation + " v" + volume);
    }
    if (fate == Fault.CALL_NOT_SENT) {
      answer(request, NOT_SENT, 1 + world.choices.below(20));
      return;
    }
    open.add(request);
    if (fate != null && fate != Fault.CALL_SLOW) {
      world.truths[volume].unclear = true;
    }
    if (fate == Fault.CALL_VANISHED) {
      close(request);
      answer(request, BROKEN, 1 + world.choices.below(200));
    } else if (fate == Fault.CALL_LATE) {
      cut(request, 1 + world.choices.below(200));
      carryOutLater(request);
    } else if (fate == Fault.CALL_SLOW) {
      carryOut(request, world.choices.below(35_000));
    } else if (fate != Fault.CALL_HANGS) {
      carryOut(request, world.choices.below(50));
    }
  }

  private @Nullable Fault fate(Operation operation) {
    return world.calm || world.faultRate == 0 || !world.choices.oneIn(world.faultRate)
        ? null
        : Fates.of(world, operation);
  }

  void carryOut(Request request, long delay) {
    int schedule = ++request.schedule;
    world.calendar.in(
        delay,
        () -> {
          if (request.pending && request.schedule == schedule) {
            arrive(request);
          }
        });
  }

  /** At some time before the doubt about it ends. */
  void carryOutLater(Request request) {
    long left = request.doubtEnds - world.now() - 1;
    if (left <= 0) {
      close(request);
      return;
    }
    carryOut(request, world.choices.below(2) == 0 ? left : world.choices.below((int) left));
  }

  /** The request reaches the driver. */
  void arrive(Request request) {
    close(request);
    Driver driver = world.drivers[request.volume];
    if (world.stubborn && !world.calm && request.operation == Operation.UNMOUNT) {
      request.fate = Fault.CALL_REFUSED;
      world.met(Fault.CALL_REFUSED, "");
    }
    Fault fate = request.fate;
    if (world.trace != null) {
      world.note("  driver: " + request.operation + " " + request.mountId);
    }
    world.callChecks.before(request);
    String error;
    if (fate == Fault.CALL_REFUSED) {
      error = "storage service is away";
    } else if (fate == Fault.CALL_SUCCESS_NOT_DONE) {
      error = null;
      world.truths[request.volume].lied = true;
    } else {
      error = act(request, driver);
    }
    world.callChecks.after(request, error == null);
    if (fate == Fault.CALL_ERROR_BUT_DONE && error == null) {
      error = "storage service is away"; // as if it had not been done
      world.truths[request.volume].tooOften |= request.operation == Operation.MOUNT;
    }
    world.truths[request.volume].unclear |= error != null;
    if (fate == Fault.CALL_ANSWER_LOST) {
      cut(request, 1 + world.choices.below(200));
    } else if (request.live) {
      CallEnd end =
          error != null
              ? new VolumeEvent.Failed(error)
              : request.operation == Operation.MOUNT
                  ? new VolumeEvent.Succeeded(driver.path, false, driver.isDirectory())
                  : DONE;
      answer(request, new VolumeEvent.Ended(end), 1 + world.choices.below(50));
    }
  }

  private @Nullable String act(Request request, Driver driver) {
    boolean program = world.habits.transport() == Transport.PROGRAM;
    String who = program ? "dvdcli" : request.mountId;
    switch (request.operation) {
      case CREATE -> {
        return driver.create();
      }
      case MOUNT -> {
        world.truths[request.volume].lied |= driver.count < 0;
        String error = driver.mount(who, request.options, world.now());
        if (request.fate == Fault.MOUNT_REPEATED) {
          world.truths[request.volume].tooOften = true;
          error = driver.mount(who, request.options, world.now());
        }
        KernelMount mount = world.kernel.of(request.volume);
        if (request.fate == Fault.MOUNTED_READ_ONLY && error == null && mount != null) {
          mount.readOnly = true;
        }
        return error;
      }
      case UNMOUNT -> {
        if (request.fate == Fault.UNMOUNT_BUSY && driver.holders.remove(who)) {
          if (!driver.holders.isEmpty()) {
            return null;
          }
          world.truths[request.volume].forgot = true;
          return "target is busy";
        }
        return driver.unmount(who);
      }
    }
    throw new AssertionError();
  }

  private void answer(Request request, VolumeEvent event, long delay) {
    world.calendar.in(
        delay,
        () -> {
          Agent agent = world.agent;
          if (agent != null && agent.life == request.sender && request.live) {
            request.live = false;
            CallEnd end = ((VolumeEvent.Ended) event).end();
            if (end instanceof VolumeEvent.Succeeded) {
              world.retryChecks.forget(request.volume);
            } else if (end instanceof VolumeEvent.Failed
                && request.operation == Operation.UNMOUNT) {
              world.retryChecks.refused(request.volume, agent.life);
            }
            agent.volume(request.volume, event);
            if (agent.alive
                && request.operation == Operation.MOUNT
                && end instanceof VolumeEvent.Failed) {
              world.taskChecks.refusedByDriver(request.volume);
            }
          }
        });
  }

  /** The connection breaks, if it is still there. */
  void cut(Request request, long delay) {
    world.truths[request.volume].unclear = true;
    answer(request, BROKEN, delay);
  }

  void close(Request request) {
    request.pending = false;
    open.remove(request);
  }

  /** The host is gone, and all that it was about to do. */
  void forget() {
    for (Request request : open) {
      request.pending = false;
      request.live = false;
    }
    open.clear();
  }

  boolean isHanging() {
    for (Request request : open) {
      if (request.fate == Fault.CALL_HANGS && (request.live || world.habits.own())) {
        return true;
      }
    }
    return false;
  }
}
