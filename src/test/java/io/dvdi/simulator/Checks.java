// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.simulator.Habits.Keeps;
import io.dvdi.simulator.Habits.Transport;
import io.dvdi.simulator.Request.Operation;
import org.jspecify.annotations.Nullable;

/** Nothing of ours is left without a record, and no record of nothing. */
final class Checks {
  private final World world;
  private final Ends ends;

  Checks(World world, Ends ends) {
    this.world = world;
    this.ends = ends;
  }

  /** Nothing of ours is left without a record. */
  void check() {
    for (int v = 0; v < world.volumes; v++) {
      Disk disk = world.disks[v];
      Truth truth = world.truths[v];
      Driver driver = world.drivers[v];
      truth.lied |= driver.missed;
      driver.missed = false;
      KernelMount mount = world.kernel.of(v);
      boolean pending = isPending(v);
      boolean maybeNone = !disk.torn && (disk.record == null || disk.writing && disk.next == null);
      if (maybeNone
          && !pending
          && mount == null
          && driver.holders.isEmpty()
          && driver.count <= 0
          && !driver.otherHas) {
        truth.clear();
        continue;
      }
      if (truth.spoiled || disk.torn) {
        continue;
      }
      if (maybeNone) {
        if (pending) {
          ends.reached("a call may still come, and nothing is on record", v);
        }
        if (driver.isHeldByUs()) {
          ends.reached("the driver holds us, and nothing is on record", v);
        } else if (mount != null && mount.ours && driver.otherHas) {
          mount.ours = false; // theirs, since we have given it up
        } else if (mount != null && mount.ours) {
          ends.reached("a mount of ours is left, and nothing is on record", v);
        }
      } else if (world.habits.keeps() == Keeps.IDS
          && world.habits.transport() == Transport.SOCKET) {
        for (String holder : driver.holders) {
          if (!holder.equals(Driver.OTHER) && !isOnRecord(disk.record, holder)) {
            ends.reached("the driver holds a mount ID that is not on record", v);
          }
        }
      }
    }
  }

  private static boolean isOnRecord(@Nullable VolumeRecord record, String mountId) {
    return find(record, mountId) != null;
  }

  static @Nullable MountId find(@Nullable VolumeRecord record, String mountId) {
    if (record != null) {
      for (MountId id : record.mountIds()) {
        if (id.value().equals(mountId)) {
          return id;
        }
      }
    }
    return null;
  }

  /** A call of ours may still take effect. */
  boolean isPending(int v) {
    for (Request request : world.calls.open) {
      if (request.volume == v && !isHarmless(request)) {
        return true;
      }
    }
    return false;
  }

  /** A driver that shows the mount IDs that it holds has no use for one of them twice. */
  boolean isHarmless(Request request) {
    return request.operation == Operation.UNMOUNT && world.habits.account();
  }

  void rest() {
    check();
    for (Task task : world.tasks) {
      if (task.prepareDue || task.cleanupDue) {
        throw broken("a container is never answered", task.volumes[0]);
      }
    }
    for (int v = 0; v < world.volumes; v++) {
      Disk disk = world.disks[v];
      if (disk.torn || world.truths[v].spoiled) {
        continue;
      }
      VolumeRecord record = disk.record;
      if (record == null) {
        continue;
      }
      if (!record.users().isEmpty()) {
        throw broken("a record names a container that is gone", v);
      }
      KernelMount mount = world.kernel.of(v);
      if (mount == null && !world.drivers[v].isHeldByUs()) {
        ends.reached("a record stays of which nothing is left", v);
      } else {
        ends.reached("it never comes to rest", v);
      }
    }
  }

  Violation broken(String rule, int v) {
    return new Violation(rule, World.VOLUMES[v].name() + " at " + world.now() + " ms");
  }
}
