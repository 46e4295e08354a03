// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.VolumeState;

/** Holds the reason that a container is told against what really is so. */
final class Reasons {
  private final World world;

  Reasons(World world) {
    this.world = world;
  }

  boolean isTrue(int v, Task task, String words) {
    Truth truth = world.truths[v];
    KernelMount seen = truth.lookedAt;
    if (words.contains("does not exist")) {
      return task.needs.mustExist() && !truth.existedWhenAsked;
    }
    if (words.contains("cut off")) {
      return isInDoubt(v);
    }
    if (words.contains("is mounted read-only")) {
      return task.needs.writable() && seen != null && seen.readOnly;
    }
    if (words.contains("other options")) {
      return truth.isMountedWithOtherOptionsThan(task) && !words.contains("containers []");
    }
    if (words.contains("cannot be written")) {
      return truth.writeFailed;
    }
    if (words.contains("cannot be read")) {
      return world.disks[v].torn;
    }
    boolean answers = truth.health == null || truth.health == Health.ANSWERS;
    if (words.contains("is not usable")) {
      return !answers || world.moved || isHeld(v) && !isHeldAs(v, seen); // devices get new numbers
    }
    if (words.contains("cannot be used: its file system") && words.contains("does not answer")) {
      return !answers;
    }
    if (words.contains("plain directory") || words.contains("no such directory")) {
      return seen == null;
    }
    if (words.contains("was mounted before")) {
      return task.needs.fresh()
          && seen != null
          && (seen.madeAt <= truth.lastAnnouncedAt || !world.kernel.uniqueIds); // IDs used again
    }
    return true;
  }

  private boolean isInDoubt(int v) {
    Agent agent = world.agent;
    VolumeState state = agent == null ? null : agent.volumes[v];
    if (state != null && state.record().isPresent()) {
      for (MountId id : state.record().get().mountIds()) {
        if (id.isInDoubt()) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isHeld(int v) {
    for (Task task : world.tasks) {
      if (task.had[v]) {
        return true;
      }
    }
    return false;
  }

  private boolean isHeldAs(int v, KernelMount mount) {
    for (Task task : world.tasks) {
      if (task.has[v] && task.mounts[v] == mount) {
        return true;
      }
    }
    return false;
  }
}
