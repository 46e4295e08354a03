// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Moment.Age;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.simulator.Habits.Keeps;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells the ends that nobody can avoid from violations, by what really happened. */
final class Ends {
  /** The driver {@code local} is no other program, and counts nobody. */
  private static final Set<AcceptedEnd> OWN =
      EnumSet.of(
          AcceptedEnd.COVERED_MEANWHILE,
          AcceptedEnd.REUSED_MOUNT_ID,
          AcceptedEnd.DEAD_MOUNT_OF_UNKNOWN_AGE);

  private final World world;

  Ends(World world) {
    this.world = world;
  }

  /** A rule is broken: an accepted end, or a violation. */
  void reached(String rule, int v) {
    Truth truth = world.truths[v];
    if (truth.spoiled) {
      return;
    }
    AcceptedEnd end = accepted(rule, v, truth);
    if (world.habits.own() && end != null && !OWN.contains(end)) {
      end = null;
    }
    if (end == null) {
      throw world.checks.broken(rule, v);
    }
    world.statistics.ends[end.ordinal()]++;
    if (world.script != null) {
      world.script.reached(end, rule);
    }
    truth.spoiled = true;
    if (world.trace != null) {
      world.note("  ~ accepted: " + end.words + " (" + rule + ")");
    }
  }

  private @Nullable AcceptedEnd accepted(String rule, int v, Truth truth) {
    Habits habits = world.habits;
    if (truth.later) {
      return AcceptedEnd.LATER_THAN_DOUBT;
    }
    return switch (rule) {
      case "a container is given something else that lies over the volume" ->
          isCoverOlder(truth)
              ? isPathNamedBefore(v) ? AcceptedEnd.COVERED_BEFORE : null
              : !world.kernel.uniqueIds && truth.outsider
                  ? AcceptedEnd.REUSED_MOUNT_ID
                  : truth.covered && !isCoverNew(truth) ? null : AcceptedEnd.COVERED_MEANWHILE;
      case "a mount goes away under another client" -> {
        if (habits.keeps() == Keeps.NOTHING) {
          yield AcceptedEnd.DRIVER_KEEPS_NOTHING;
        }
        if (habits.keeps() == Keeps.IDS && !world.drivers[v].holders.contains(Driver.OTHER)) {
          yield AcceptedEnd.CLIENTS_FORGOTTEN; // before we asked for anything
        }
        if (truth.lied) {
          yield AcceptedEnd.DRIVER_LIES;
        }
        yield habits.keeps() == Keeps.COUNT && (truth.unclear || truth.forgot || truth.outsider)
            ? AcceptedEnd.WHOSE_COUNT
            : null;
      }
      case "the module unmounts under another client", "the module unmounts what is not ours" -> {
        KernelMount top = world.kernel.top(v);
        if (top != null && top.volume != v && top.madeAt >= truth.announcedAt && !isProved(v)) {
          yield AcceptedEnd.COVERED_MEANWHILE;
        }
        if (top == null || top.volume != v) {
          yield world.kernel.uniqueIds && !world.moved ? null : AcceptedEnd.REUSED_MOUNT_ID;
        }
        if ((!world.kernel.uniqueIds || world.moved) && !top.made) {
          yield AcceptedEnd.REUSED_MOUNT_ID;
        }
        yield top.health == Health.DEAD
                && top.madeAt >= truth.momentAt
                && (!isProved(v) || top == onRecord(v))
            ? AcceptedEnd.DEAD_MOUNT_OF_OTHERS
            : truth.forgot && habits.account() ? AcceptedEnd.CLIENTS_FORGOTTEN : null;
      }
      case "a mount of ours is left, and nothing is on record",
          "the driver holds us, and nothing is on record" ->
          looksOlder(v) ? AcceptedEnd.REUSED_MOUNT_ID : left(truth);
      case "the driver holds a mount ID that is not on record" -> left(truth);
      case "a container is given a volume that its driver does not count" -> {
        if (truth.lied || truth.outsider) {
          yield AcceptedEnd.DRIVER_LIES;
        }
        if (truth.forgot) {
          yield AcceptedEnd.CLIENTS_FORGOTTEN;
        }
        yield habits.keeps() == Keeps.COUNT && truth.unclear && truth.others
            ? AcceptedEnd.WHOSE_COUNT
            : null;
      }
      case "an Unmount takes what somebody else mounted meanwhile" -> AcceptedEnd.COVERED_MEANWHILE;
      case "a volume is created that was created meanwhile" -> AcceptedEnd.CREATED_MEANWHILE;
      case "it never comes to rest" ->
          isOfUnknownAge(v)
              ? AcceptedEnd.DEAD_MOUNT_OF_UNKNOWN_AGE
              : truth.lied
                  ? AcceptedEnd.DRIVER_LIES
                  : truth.forgot && !world.drivers[v].isHeldByUs() && !mustBeForced(v)
                      ? AcceptedEnd.MOUNT_FORGOTTEN
                      : habits.keeps() == Keeps.COUNT && truth.tooOften
                          ? AcceptedEnd.COUNT_TOO_HIGH
                          : truth.covered && world.kernel.stack(v).size() > 1
                              ? AcceptedEnd.STACKED
                              : left(truth);
      default -> null;
    };
  }

  /** It looks like the mount that was at the path when the last mount ID was announced. */
  private boolean looksOlder(int v) {
    KernelMount mount = world.kernel.of(v);
    VolumeRecord record = world.disks[v].record;
    return !world.kernel.uniqueIds
        && mount != null
        && record != null
        && record.where().lastAnnounced().atPath().isPresent()
        && mount
            .evidence(world.kernel.namespace, false)
            .isSameMount(record.where().lastAnnounced().atPath().get());
  }

  /** Something of ours is left, and nothing is on record. */
  private @Nullable AcceptedEnd left(Truth truth) {
    Habits habits = world.habits;
    if (habits.own()) {
      return truth.coverSeen ? AcceptedEnd.COVERED_MEANWHILE : null;
    }
    if (truth.lied) {
      return AcceptedEnd.DRIVER_LIES;
    }
    if (truth.mountedAgain && truth.tornAtBoot) {
      return AcceptedEnd.TORN_RECORD;
    }
    if (truth.mountedAgain && (!habits.account() || truth.askFailed && !truth.accountOnRecord)) {
      return AcceptedEnd.MOUNTED_AGAIN;
    }
    if (truth.mountedAgain && truth.forgot) {
      return AcceptedEnd.MOUNT_FORGOTTEN;
    }
    boolean asked = (!truth.askFailed || truth.settledUnseen) && (truth.forgot || truth.unclear);
    if (truth.unseen && (truth.tooOften || asked)) {
      return AcceptedEnd.UNSEEN_MOUNT;
    }
    boolean counts =
        habits.keeps() != Keeps.NOTHING
            && (!habits.account() || truth.askFailed && !truth.accountOnRecord);
    return counts && (truth.tooOften || truth.outsider) ? AcceptedEnd.COUNT_TOO_HIGH : null;
  }

  /** It is dead, and there is evidence that it is ours. */
  private boolean mustBeForced(int v) {
    KernelMount mount = world.kernel.of(v);
    VolumeRecord record = world.disks[v].record;
    return mount != null
        && mount.made
        && mount.madeAt >= truth(v).momentAt
        && mount.health == Health.DEAD
        && record != null
        && !record.mountIds().isEmpty()
        && (record.where().mount().map(known -> world.kernel.find(v, known)).orElse(null) == mount
            || truth(v).lookedAt == mount && isDone(record) && record.where().mount().isEmpty())
        && world.kernel.uniqueIds
        && !world.moved;
  }

  private Truth truth(int v) {
    return world.truths[v];
  }

  /** The driver says that it has mounted it. */
  private static boolean isDone(VolumeRecord record) {
    return record.mountIds().stream().anyMatch(id -> id.mount() == MountCall.DONE);
  }

  /** An agent in another mount namespace cannot tell how old a dead mount is. */
  private boolean isOfUnknownAge(int v) {
    KernelMount mount = world.kernel.of(v);
    VolumeRecord record = world.disks[v].record;
    return world.moved
        && mount != null
        && mount.health != Health.ANSWERS
        && record != null
        && record.where().mount().map(record.where().firstAnnounced()::ageOf).orElse(Age.UNKNOWN)
            == Age.UNKNOWN;
  }

  /** What lies over the volume came after the last announcement. */
  private static boolean isCoverNew(Truth truth) {
    return truth.lookedAt != null && truth.lookedAt.madeAt >= truth.lastMomentAt;
  }

  /** A mount of ours was looked at, and is on record. */
  private boolean isProved(int v) {
    VolumeRecord record = world.disks[v].record;
    if (record != null) {
      for (MountId id : record.mountIds()) {
        if (id.mount() == MountCall.PROVED) {
          return true;
        }
      }
    }
    return false;
  }

  private @Nullable KernelMount onRecord(int v) {
    VolumeRecord record = world.disks[v].record;
    return record == null
        ? null
        : record.where().mount().map(known -> world.kernel.find(v, known)).orElse(null);
  }

  /** What lies over the volume was there before the volume was asked for. */
  private boolean isCoverOlder(Truth truth) {
    KernelMount cover = truth.lookedAt;
    return world.kernel.uniqueIds && !world.moved && cover != null && cover.madeAt < truth.momentAt;
  }

  private boolean isPathNamedBefore(int v) {
    VolumeRecord record = world.disks[v].record;
    return record != null && record.where().pathNamedBefore();
  }
}
