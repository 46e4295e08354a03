// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.MountId;
import io.dvdi.simulator.SmallWorld.Call;
import io.dvdi.simulator.SmallWorld.Container;
import java.util.ArrayList;
import java.util.List;

/** What may happen to the agent and to mounts in a small world. */
final class SmallFaults {
  private final Explorer explorer;

  SmallFaults(Explorer explorer) {
    this.explorer = explorer;
  }

  void outside(SmallWorld w) {
    if (w.mounted != 0 && w.cover == 0) {
      SmallWorld v = new SmallWorld(w);
      v.faults--;
      v.mounted = 0;
      v.dead = false;
      v.outsider = true;
      explorer.add(v, "somebody unmounts");
    }
    if (w.own && w.cover == 0) {
      SmallWorld v = new SmallWorld(w);
      v.faults--;
      v.cover = ++v.newest;
      explorer.add(v, "somebody mounts something else there");
    }
    if (w.own && w.mounted != 0 && !w.dead) {
      SmallWorld v = new SmallWorld(w);
      v.faults--;
      v.dead = true;
      explorer.add(v, "the mount dies");
    }
  }

  void kill(SmallWorld w) {
    for (boolean on : w.writing ? new boolean[] {false, true} : new boolean[] {false}) {
      SmallWorld v = new SmallWorld(w);
      v.kills--;
      v.core = null;
      v.writing = false;
      v.next = null;
      v.disk = on ? w.next : w.disk;
      v.unclear |= v.disk != null && v.disk.mountIds().stream().anyMatch(MountId::isInDoubt);
      List<Call> queue = new ArrayList<>();
      for (Call call : w.queue) {
        queue.add(new Call(call.mount(), call.mountId(), false));
      }
      v.queue = List.copyOf(queue);
      for (int i = 0; i < v.containers.length; i++) {
        if (v.containers[i] == Container.WAITS) {
          v.containers[i] = Container.FAILED;
        }
      }
      explorer.addAside(v, on ? "kill, written" : "kill");
    }
  }
}
