// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.Told;
import io.dvdi.simulator.Habits.Keeps;
import io.dvdi.simulator.Habits.PathNamed;
import io.dvdi.volume.Options;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a driver knows of one volume, and what it does when it is told something. */
final class Driver {
  /** Another client of the same driver, such as Docker. */
  static final String OTHER = "other";

  private final Habits habits;
  private final Kernel kernel;
  private final int volume;
  private final String mountpoint;
  final String path;

  boolean exists;

  /** It has unmounted what lay over the volume, and takes the volume for unmounted. */
  boolean missed;

  /** Who has it, of a driver that keeps mount IDs. */
  final List<String> holders = new ArrayList<>(4);

  /** How many have it, of a driver that counts. */
  int count;

  /** How many of them are of ours: the truth, which no such driver knows. */
  int ours;

  /** The other client was told that it has the volume, and has not given it up. */
  boolean otherHas;

  /** The mount that it has; null: none, or a plain directory. */
  @Nullable KernelMount otherMount;

  /** How often the volume was made. */
  int created;

  long createdByOtherAt = Long.MIN_VALUE;
  long createdByUsAt = Long.MIN_VALUE;

  Driver(Habits habits, Kernel kernel, int volume) {
    this.habits = habits;
    this.kernel = kernel;
    this.volume = volume;
    this.mountpoint = volume == 0 ? "/v/0" : "/v/1";
    this.path = habits.below() ? mountpoint + "/data" : mountpoint;
  }

  /** An error; null: success. */
  @Nullable String create() {
    if (exists && habits.own()) {
      return null; // never made over one that exists
    }
    if (exists && !habits.formats()) {
      return "volume already exists";
    }
    exists = true;
    created++;
    return null;
  }

  /** An error; null: success. */
  @Nullable String mount(String who, Options options, long now) {
    if (!exists) {
      return "no such volume";
    }
    KernelMount there = kernel.of(volume);
    switch (habits.keeps()) {
      case IDS -> {
        if (holders.contains(who)) {
          return "already mounted by this id";
        }
        if (holders.isEmpty()) {
          if (there != null && !habits.plain()) {
            return "directory already mounted";
          }
          mountNow(who, now);
        }
        holders.add(who);
      }
      case COUNT -> {
        if (count == 0) {
          mountNow(who, now); // on top of what may be there
        }
        count++;
        ours = Math.clamp(ours + (who.equals(OTHER) ? 0 : 1), 0, Math.max(0, count));
      }
      case NOTHING -> {
        if (habits.own() && !habits.plain()) {
          String device = habits.block() ? "8:1" : "";
          return OwnMounts.mount(
              kernel, volume, new OwnMounts.Mounting(device, mountpoint, options), now);
        }
        if (there == null) {
          mountNow(who, now);
        }
      }
    }
    return null;
  }

  private void mountNow(String who, long now) {
    if (!habits.plain()) {
      kernel.mount(volume, false, habits.block() ? "8:1" : "", mountpoint, !who.equals(OTHER), now);
    }
  }

  /** An error; null: success. */
  @Nullable String unmount(String who) {
    boolean us = !who.equals(OTHER);
    switch (habits.keeps()) {
      case IDS -> {
        if (!holders.remove(who)) {
          return "volume is not mounted by this id";
        }
        if (holders.isEmpty()) {
          unmountNow();
        }
      }
      case COUNT -> {
        if (count <= 0) {
          count = habits.negative() ? -1 : 0;
          return "not mounted";
        }
        count--;
        ours -= us && ours > 0 ? 1 : 0;
        ours = Math.min(ours, count);
        if (count == 0) {
          unmountNow();
        }
      }
      case NOTHING -> {
        if (habits.own()) {
          return habits.plain() ? null : OwnMounts.unmount(kernel, volume);
        }
        unmountNow();
      }
    }
    return null;
  }

  /** umount2(2) of the path takes what is uppermost, whatever it is. */
  private void unmountNow() {
    KernelMount mount = kernel.top(volume);
    if (mount != null && kernel.of(volume) != null) {
      kernel.unmount(volume, mount);
      missed |= mount.volume != volume;
    }
  }

  /** It starts again, without its memory. */
  void restart(boolean deadMount) {
    holders.clear();
    count = 0;
    ours = 0;
    KernelMount mount = kernel.of(volume);
    if (mount != null && deadMount) {
      mount.health = Health.DEAD;
    }
  }

  /** It starts again, and mounts what it had. */
  void mountAgain(long now) {
    if (habits.keeps() != Keeps.IDS || holders.isEmpty() || habits.plain()) {
      return;
    }
    KernelMount dead = kernel.of(volume);
    if (dead != null) {
      kernel.unmount(volume, dead);
    }
    mountNow(holders.get(0), now);
    if (holders.contains(OTHER)) {
      otherMount = kernel.of(volume);
    }
  }

  /** It hands out a directory of the host on purpose, and says so. */
  boolean isDirectory() {
    return habits.own() && habits.plain();
  }

  boolean isHeldByUs() {
    for (String holder : holders) {
      if (!holder.equals(OTHER)) {
        return true;
      }
    }
    return ours > 0;
  }

  /** What it says when it is asked and answers properly. */
  Told told() {
    boolean mounted = kernel.of(volume) != null || !holders.isEmpty() || count > 0;
    Told.Existence existence =
        exists
            ? Told.Existence.EXISTS
            : habits.lists() ? Told.Existence.ABSENT : Told.Existence.UNKNOWN;
    boolean named =
        (exists || habits.own())
            && (habits.path() == PathNamed.ALWAYS
                || habits.path() == PathNamed.WHEN_MOUNTED && mounted);
    Optional<Set<String>> account =
        habits.account() && exists ? Optional.of(new HashSet<>(holders)) : Optional.empty();
    return new Told(
        existence,
        Optional.empty(),
        named ? Optional.of(path) : Optional.empty(),
        account.isPresent(),
        account,
        "");
  }
}
