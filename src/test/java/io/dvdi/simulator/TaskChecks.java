// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.ContainerStep.Part;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.VolumeLife;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.lifecycle.Wish;
import io.dvdi.simulator.Habits.Keeps;
import java.util.List;

/** What containers are given and told. */
final class TaskChecks {
  private final World world;
  private final Ends ends;
  private final Reasons reasons;

  TaskChecks(World world, Ends ends) {
    this.world = world;
    this.ends = ends;
    this.reasons = new Reasons(world);
  }

  void giving(int v, Task task, VolumeStep.Give give) {
    if (!task.isWaiting(v) && task.stage == Task.Stage.PREPARING) {
      throw world.checks.broken("a container is given a volume twice, or without a wish", v);
    }
    Truth truth = world.truths[v];
    VolumeRecord record = world.disks[v].record;
    if (record == null || !record.users().contains(task.id)) {
      throw world.checks.broken(
          "a container is given a volume that its record does not say it has", v);
    }
    if (world.checks.isPending(v)) {
      ends.reached("a container is given a volume in doubt", v);
    }
    if (truth.lookedAtTime < task.wishedAt[v] && task.wishedAt[v] >= 0) {
      throw world.checks.broken("a container is given a volume that was not looked at since", v);
    }
    KernelMount mount = truth.lookedAt;
    if (mount == null) {
      if (!world.habits.plain()) {
        throw world.checks.broken("a container is given a volume that is not mounted", v);
      }
    } else if (mount.refusal.isPresent()) {
      throw world.checks.broken("a container is given a place that no task may have", v);
    } else if (mount.volume != v) {
      ends.reached("a container is given something else that lies over the volume", v);
    } else if (truth.health != Health.ANSWERS) {
      throw world.checks.broken("a container is given a file system that does not answer", v);
    } else if (task.needs.writable() && mount.readOnly && !record.terms().readOnly()) {
      throw world.checks.broken("a container that writes is given a read-only volume", v);
    }
    if (mount != null
        && mount.volume == v
        && world.habits.keeps() != Keeps.NOTHING
        && !world.drivers[v].isHeldByUs()) {
      ends.reached("a container is given a volume that its driver does not count", v);
    }
    if (task.needs.mustExist() && !wasCreatedForAnother(v, task)) {
      throw world.checks.broken(
          "a volume is created for a container that wants one that exists", v);
    }
    boolean first = true;
    for (Task other : world.tasks) {
      boolean comparable = world.kernel.uniqueIds && !world.moved;
      if (other != task && other.has[v] && other.mounts[v] != mount && comparable) {
        throw world.checks.broken("a container shares a volume, and gets another mount", v);
      }
      if (other != task && other.had[v] && record.users().contains(other.id)) {
        first = false;
      }
    }
    if (truth.isMountedWithOtherOptionsThan(task)) {
      throw world.checks.broken(
          "a container is given a volume that is mounted with other options", v);
    }
    if (mount != null) {
      if (first && task.needs.fresh() && mount.used && mount.ours) {
        ends.reached("a container is given a used volume that was to be fresh", v);
      }
    }
    if (task.stage == Task.Stage.PREPARING) {
      if (mount != null) {
        mount.used = true;
      }
      task.has[v] = true;
      task.had[v] = true;
      task.mounts[v] = mount;
    }
  }

  /** The volume existed, or was made for somebody who does not mind. */
  private boolean wasCreatedForAnother(int v, Task task) {
    long created = world.drivers[v].createdByUsAt;
    boolean another = created < task.wishedAt[v];
    for (Task other : world.tasks) {
      another |=
          !other.needs.mustExist()
              && other.wishedAt[v] >= 0
              && other.wishedAt[v] <= created
              && other.wishedAt[v] + World.MOUNT_TIMEOUT >= created;
    }
    return another;
  }

  void refusing(int v, Task task, String words) {
    if (words.isBlank()) {
      throw world.checks.broken("a container is refused without a reason", v);
    }
    task.refused[v] = true;
    if (!reasons.isTrue(v, task, words)) {
      throw world.checks.broken(
          "a container is refused for a reason that is not true: " + words, v);
    }
  }

  /** Its driver has just refused to mount it. */
  void refusedByDriver(int v) {
    for (Task task : world.tasks) {
      if (task.isWaiting(v) && task.wishedAt[v] < world.now()) {
        throw world.checks.broken(
            "a container still waits for a volume whose Mount was refused", v);
      }
    }
  }

  /** Nothing is under way for a volume: who waits for it waits for something that may come. */
  void resting(int v, VolumeLife.Outcome outcome) {
    VolumeState state = outcome.state();
    boolean woken = outcome.steps().stream().anyMatch(VolumeStep.WakeAt.class::isInstance);
    if (!woken && state.record().isPresent() && state.record().get().users().isEmpty()) {
      throw world.checks.broken("nothing wakes a volume that is not settled", v);
    }
    for (Wish wish : state.wishes()) {
      boolean comes = false;
      boolean users = false;
      if (state.record().isPresent()) {
        users = !state.record().get().users().isEmpty();
        for (MountId id : state.record().get().mountIds()) {
          comes |= id.isInDoubt() && id.doubtEnds() < wish.deadline();
          comes |= !id.isInDoubt() && id.unmount() != UnmountCall.REFUSED;
        }
      }
      if (users || !comes) {
        throw world.checks.broken("a container waits for a volume that cannot come in time", v);
      }
    }
  }

  void launching(Task task, List<Part> parts) {
    if (!task.prepareDue) {
      throw world.checks.broken("a prepare is answered twice", task.volumes[0]);
    }
    answeredInTime(task, task.prepareBy, "a prepare is answered too late");
    if (parts.size() != task.volumes.length) {
      throw world.checks.broken("a container is launched without a volume", task.volumes[0]);
    }
    for (int v : task.volumes) {
      if (!task.has[v]) {
        throw world.checks.broken("a container is launched without a volume", v);
      }
    }
    task.prepareDue = false;
    task.stage = Task.Stage.RUNNING;
    task.launchedAt = world.now();
    world.statistics.launched++;
  }

  /** Volumes are released in the opposite order of that in which they were asked for. */
  void releasing(int v, Task task) {
    int index = task.volumes.length - 1;
    while (task.volumes[index] != v) {
      index--;
    }
    if (!task.recovered && index >= task.released) {
      throw world.checks.broken("volumes are released in the wrong order", v);
    }
    task.released = index;
  }

  void failing(Task task, String words) {
    if (!task.prepareDue) {
      throw world.checks.broken("a prepare is answered twice", task.volumes[0]);
    }
    answeredInTime(task, task.prepareBy, "a prepare is answered too late");
    if (words.isBlank() || words.contains("in time") && world.now() < task.prepareBy) {
      throw world.checks.broken(
          "a container fails for a reason that is not true: " + words, task.volumes[0]);
    }
    task.prepareDue = false;
    task.stage = Task.Stage.OVER;
    world.statistics.failed++;
    boolean plain = !task.needs.mustExist() && !task.needs.fresh() && task.options.isEmpty();
    if (!world.anyFault && plain && !world.mixed) {
      throw world.checks.broken(
          "a container fails although nothing went wrong: " + words, task.volumes[0]);
    }
  }

  void cleanedUp(Task task) {
    if (!task.cleanupDue) {
      throw world.checks.broken("a cleanup is answered twice", task.volumes[0]);
    }
    answeredInTime(task, task.cleanupBy, "a cleanup is answered too late");
    task.cleanupDue = false;
  }

  private void answeredInTime(Task task, long by, String rule) {
    if (world.now() > by) {
      throw world.checks.broken(rule, task.volumes[0]);
    }
  }
}
