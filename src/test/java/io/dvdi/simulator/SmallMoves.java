// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Doing;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.Wish;
import io.dvdi.simulator.Habits.Keeps;
import io.dvdi.simulator.SmallWorld.Call;
import io.dvdi.simulator.SmallWorld.Container;
import io.dvdi.simulator.SmallWorld.Other;
import io.dvdi.volume.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that may happen next in a small world. */
final class SmallMoves {
  private static final VolumeEvent BROKEN =
      new VolumeEvent.Ended(new VolumeEvent.CutOff("the connection broke"));

  private final Explorer explorer;
  private final SmallFaults faults;

  SmallMoves(Explorer explorer) {
    this.explorer = explorer;
    this.faults = new SmallFaults(explorer);
  }

  /** What a fair world does first comes first. */
  void all(SmallWorld w) {
    if (w.core == null && (!w.own || w.queue.isEmpty())) { // see Calls.outlive
      SmallWorld v = new SmallWorld(w);
      v.start();
      explorer.add(v, "restart");
    }
    if (w.writing) {
      writes(w);
    }
    calls(w);
    for (int i = 0; i < w.containers.length; i++) {
      container(w, i);
    }
    other(w);
    if (w.core != null) {
      time(w);
    }
    if (w.core != null && w.kills > 0) {
      faults.kill(w);
    }
    if (w.faults > 0) {
      faults.outside(w);
    }
    for (int i = 0; i < w.containers.length; i++) {
      if (w.core != null && w.containers[i] == Container.NEW) {
        SmallWorld v = new SmallWorld(w);
        v.containers[i] = Container.WAITS;
        v.apply(
            new VolumeEvent.Wanted(
                new Wish(
                    Task.IDS[i],
                    World.VOLUMES[0],
                    "service",
                    Options.NONE,
                    new Wish.Needs(false, false, true, Optional.empty()),
                    Long.MAX_VALUE / 2)));
        explorer.add(v, "c" + i + " waits");
      }
    }
  }

  private void writes(SmallWorld w) {
    SmallWorld done = new SmallWorld(w);
    done.writing = false;
    done.disk = w.next;
    done.apply(new VolumeEvent.Recorded());
    explorer.add(done, "written");
    if (w.faults > 0) {
      for (boolean on : new boolean[] {false, true}) {
        SmallWorld v = new SmallWorld(w);
        v.faults--;
        v.writing = false;
        v.disk = on ? w.next : w.disk;
        v.apply(new VolumeEvent.NotRecorded("no space left on device"));
        explorer.add(v, on ? "write fails, but is on disk" : "write fails");
      }
    }
  }

  private void calls(SmallWorld w) {
    for (int i = 0; i < w.queue.size(); i++) {
      Call call = w.queue.get(i);
      String name = (call.mount() ? "Mount " : "Unmount ") + call.mountId();
      arrive(w, i, true, call.live() ? CallAnswer.TRUE : CallAnswer.NONE, name);
      if (!call.live()) {
        SmallWorld v = new SmallWorld(w);
        v.queue = without(w.queue, i);
        explorer.add(v, name + " never comes");
      } else if (w.faults > 0) {
        arrive(w, i, false, CallAnswer.ERROR, name + ": refused");
      }
      if (call.live() && w.faults > 0 && !w.own) {
        arrive(w, i, true, CallAnswer.LOST, name + ": done, answer lost");
        arrive(w, i, false, CallAnswer.LOST, name + ": lost");
        arrive(w, i, true, CallAnswer.ERROR, name + ": done, error");
        if (!call.mount()
            && w.keeps == Keeps.IDS
            && w.held.equals(java.util.Set.of(call.mountId()))) {
          arrive(w, i, true, CallAnswer.BUSY, name + ": busy, forgotten");
        }
        SmallWorld v = new SmallWorld(w);
        v.faults--;
        v.unclear = true;
        List<Call> queue = new ArrayList<>(w.queue);
        queue.set(i, new Call(call.mount(), call.mountId(), false));
        v.queue = List.copyOf(queue);
        v.apply(BROKEN);
        explorer.add(v, name + ": cut off");
      }
    }
  }

  /** How a call is answered. */
  private enum CallAnswer {
    TRUE,
    NONE,
    LOST,
    ERROR,
    BUSY
  }

  private void arrive(SmallWorld w, int i, boolean done, CallAnswer answer, String name) {
    Call call = w.queue.get(i);
    SmallWorld v = new SmallWorld(w);
    v.queue = without(w.queue, i);
    boolean success = false;
    long before = v.mounted;
    if (done) {
      success =
          call.mount()
              ? SmallDriver.mount(v, call.mountId())
              : SmallDriver.unmount(v, call.mountId());
    }
    if (answer == CallAnswer.BUSY) {
      v.mounted = before;
      v.forgot = true;
    }
    if (answer == CallAnswer.LOST || answer == CallAnswer.ERROR || answer == CallAnswer.BUSY) {
      v.faults--;
      v.unclear = true;
    }
    if (before != 0 && v.mounted == 0) {
      if (v.containers[0] == Container.RUNS || v.containers[1] == Container.RUNS) {
        SmallChecks.goneUnder(v);
      } else if (v.other == Other.HAS && !(v.keeps == Keeps.IDS && v.forgot)) {
        SmallChecks.gone(v);
      }
    }
    VolumeEvent event =
        switch (answer) {
          case NONE -> null;
          case LOST -> BROKEN;
          case ERROR, BUSY -> new VolumeEvent.Ended(new VolumeEvent.Failed("it failed"));
          case TRUE ->
              success
                  ? new VolumeEvent.Ended(
                      new VolumeEvent.Succeeded(call.mount() ? "/v/0" : "", false))
                  : new VolumeEvent.Ended(new VolumeEvent.Failed("it failed"));
        };
    if (event != null && v.end == null) {
      v.unclear |= !success;
      v.apply(event);
    }
    explorer.add(v, name);
  }

  private static List<Call> without(List<Call> queue, int i) {
    List<Call> less = new ArrayList<>(queue);
    less.remove(i);
    return List.copyOf(less);
  }

  private void container(SmallWorld w, int i) {
    boolean waits = w.containers[i] == Container.WAITS;
    if (!waits && w.containers[i] != Container.RUNS) {
      return;
    }
    SmallWorld v = new SmallWorld(w);
    v.containers[i] = waits ? Container.FAILED : Container.ENDED;
    v.had[i] = 0;
    if (w.core != null) {
      v.apply(new VolumeEvent.Released(Task.IDS[i]));
    }
    explorer.add(v, "c" + i + (waits ? " waits no more" : " ends"));
  }

  private void other(SmallWorld w) {
    SmallWorld v = new SmallWorld(w);
    if (w.cover != 0) {
      v.cover = 0;
      explorer.add(v, "somebody unmounts that");
    } else if (w.other == Other.HAS) {
      v.other = Other.HAD;
      SmallDriver.unmount(v, Driver.OTHER);
      explorer.add(v, "the other client unmounts");
    } else if (w.other == Other.MAY && SmallDriver.mount(v, Driver.OTHER)) {
      v.other = Other.HAS;
      explorer.addAside(v, "the other client mounts");
    }
  }

  private void time(SmallWorld w) {
    VolumeState core = w.core;
    boolean sure = core.disk() instanceof VolumeState.Holds;
    if (!(core.doing() instanceof Doing.Resting) || core.record().isEmpty() && sure) {
      return;
    }
    for (MountId id : core.record().map(VolumeRecord::mountIds).orElse(List.of())) {
      boolean coming = w.queue.stream().anyMatch(call -> call.mountId().equals(id.value()));
      if (id.isInDoubt() && id.doubtEnds() > SmallWorld.NOW && !coming) {
        SmallWorld v = new SmallWorld(w);
        SmallTime.doubtOver(v, id.value());
        explorer.add(v, "the doubt about " + id.value() + " ends");
      }
    }
    SmallWorld v = new SmallWorld(w);
    SmallTime.pauseOver(v);
    explorer.add(v, "a pause ends");
  }
}
