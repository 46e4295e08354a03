// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.simulator.Habits.Keeps;
import io.dvdi.simulator.SmallWorld.Call;
import io.dvdi.simulator.SmallWorld.Container;
import io.dvdi.simulator.SmallWorld.End;
import io.dvdi.simulator.SmallWorld.Other;
import org.jspecify.annotations.Nullable;

/** What must never happen in a small world, and the ends that nobody can avoid there. */
final class SmallChecks {
  private SmallChecks() {}

  static void sending(SmallWorld world, boolean mount, String mountId) {
    MountId id = find(world.disk, mountId);
    boolean announced =
        id != null
            && (mount
                ? id.mount() == MountId.MountCall.SENT
                : id.unmount() == MountId.UnmountCall.SENT);
    if (!announced) {
      broken(world, "a call is sent that no record announces");
    }
    for (Call call : world.queue) {
      if (call.live()) {
        broken(world, "two calls are under way");
      } else if ((mount || call.mountId().equals(mountId))
          && (world.keeps != Keeps.IDS || call.mount())) { // an unknown mount ID is refused
        broken(world, "a call is sent while an earlier one may still come");
      }
    }
    held(world, "a call is sent while a container has the volume");
  }

  static void forcing(SmallWorld world) {
    held(world, "the module unmounts while a container has the volume");
    if (world.own && !world.dead) {
      broken(world, "the module unmounts by force what works");
    }
    if (world.other == Other.HAS) {
      world.end =
          new End(
              world.forgot ? AcceptedEnd.CLIENTS_FORGOTTEN : null,
              "the module unmounts under another client");
    }
  }

  /** An Unmount of ours takes what somebody else has mounted over the volume. */
  static void takesOther(SmallWorld world, long cover, String mountId) {
    MountId id = find(world.disk, mountId);
    boolean known =
        world.seenOther
            && id != null
            && id.mount() == MountId.MountCall.PROVED
            && world.disk.where().mount().map(mount -> mount.uniqueId() != cover).orElse(true);
    world.end =
        new End(known ? null : AcceptedEnd.COVERED_MEANWHILE, "an Unmount takes what is not ours");
  }

  static void giving(SmallWorld world) {
    if (world.seenDead) {
      broken(world, "a container is given a file system that is dead");
    }
    if (world.seenOther) {
      world.end =
          new End(
              world.seenCover ? AcceptedEnd.COVERED_MEANWHILE : null,
              "a container is given what is not the volume");
    }
    boolean goneByOther = world.keeps == Keeps.NOTHING && world.other == Other.HAD;
    if (world.mounted == 0 && !world.outsider && !goneByOther) {
      boolean count = world.keeps == Keeps.COUNT && world.unclear && world.other != Other.NOBODY;
      world.end =
          new End(
              count ? AcceptedEnd.WHOSE_COUNT : null,
              "a container is given a volume that is not mounted");
    }
    boolean counted =
        switch (world.keeps) {
          case IDS -> world.held.stream().anyMatch(holder -> !holder.equals(Driver.OTHER));
          case COUNT -> world.count > (world.other == Other.HAS ? 1 : 0) || world.unclear;
          case NOTHING -> true;
        };
    if (!counted && !world.outsider && !world.forgot) {
      broken(world, "a container is given a volume that its driver does not count");
    }
    if (!world.queue.isEmpty() && !(world.keeps == Keeps.IDS && onlyUnmounts(world))) {
      broken(world, "a container is given a volume in doubt");
    }
  }

  private static boolean onlyUnmounts(SmallWorld world) {
    return world.queue.stream().noneMatch(Call::mount);
  }

  private static void held(SmallWorld world, String rule) {
    for (Container container : world.containers) {
      if (container == Container.RUNS) {
        broken(world, rule);
      }
    }
  }

  private static void broken(SmallWorld world, String rule) {
    if (world.end == null) {
      world.end = new End(null, rule);
    }
  }

  private static @Nullable MountId find(@Nullable VolumeRecord record, String mountId) {
    if (record != null) {
      for (MountId id : record.mountIds()) {
        if (id.value().equals(mountId)) {
          return id;
        }
      }
    }
    return null;
  }

  /** Another client's mount has just gone because of a call of ours. */
  static void gone(SmallWorld world) {
    AcceptedEnd end =
        world.keeps == Keeps.NOTHING
            ? AcceptedEnd.DRIVER_KEEPS_NOTHING
            : world.keeps == Keeps.COUNT && (world.unclear || world.outsider)
                ? AcceptedEnd.WHOSE_COUNT
                : null;
    world.end = new End(end, "a mount goes away under another client");
  }

  /** The mount of a container that runs has just gone because of a call of ours. */
  static void goneUnder(SmallWorld world) {
    broken(world, "a mount goes away under a container");
  }

  /** Nothing of ours is left without a record. */
  static void check(SmallWorld world) {
    if (world.end != null) {
      return;
    }
    if (world.keeps == Keeps.IDS) {
      for (String holder : world.held) {
        if (!holder.equals(Driver.OTHER) && find(world.disk, holder) == null) {
          broken(world, "the driver has a mount ID that is not on record");
        }
      }
    }
    boolean none = world.disk == null || world.writing && world.next == null;
    if (!none) {
      return;
    }
    for (Call call : world.queue) {
      if (world.keeps != Keeps.IDS || call.mount()) {
        broken(world, "a call may still come, and nothing is on record");
      }
    }
    if (world.mounted == 0 && world.queue.isEmpty()) {
      world.seenCover = false;
    }
    int others = world.other == Other.HAS ? 1 : 0;
    if (world.keeps == Keeps.COUNT && world.count > others && world.queue.isEmpty()) {
      world.end =
          new End(
              world.outsider || world.unclear ? AcceptedEnd.COUNT_TOO_HIGH : null,
              "the driver counts us, and nothing is on record");
    } else if (world.mounted != 0 && others == 0 && world.other != Other.HAD) {
      world.end =
          new End(
              world.seenCover ? AcceptedEnd.COVERED_MEANWHILE : null,
              "a mount of ours is left, and nothing is on record");
    }
  }

  /** Nothing is under way or waited for, and what is left is what nobody can take away. */
  static boolean isAtRest(SmallWorld world) {
    if (world.core == null || world.writing || !world.queue.isEmpty()) {
      return false;
    }
    for (Container container : world.containers) {
      if (container == Container.WAITS || container == Container.RUNS) {
        return false;
      }
    }
    return world.disk == null || world.disk.mountIds().isEmpty();
  }

  /** Why it may never come to rest; null: it has to. */
  static @Nullable AcceptedEnd stuck(SmallWorld world) {
    boolean ours =
        world.keeps == Keeps.IDS
            ? world.held.stream().anyMatch(holder -> !holder.equals(Driver.OTHER))
            : world.count > 0;
    return world.mounted != 0 && !ours && (world.forgot || world.other == Other.HAD)
        ? AcceptedEnd.MOUNT_FORGOTTEN
        : null;
  }
}
