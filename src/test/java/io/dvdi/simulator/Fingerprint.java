// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Doing;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.Whereabouts;
import io.dvdi.lifecycle.Wish;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * 128 bits of a small world, the same for all that differ only in what nothing depends on: the
 * names of mount IDs, the numbers of mounts, times other than "over", words and counts.
 */
final class Fingerprint {
  long high = 0x9E37_79B9_7F4A_7C15L;
  long low = 0xC2B2_AE3D_27D4_EB4FL;
  private final List<String> names = new ArrayList<>(4);
  private final long[] serials;

  Fingerprint(SmallWorld world) {
    this.serials = serials(world);
    add(world.flags());
    add(rank(world.mounted));
    add(rank(world.newest));
    add(rank(world.cover));
    add(world.count);
    for (int i = 0; i < world.containers.length; i++) {
      add(world.containers[i].ordinal());
      add(rank(world.had[i]));
    }
    add(world.disk);
    VolumeState state = world.core;
    if (state != null) {
      Optional<VolumeRecord> record = state.record();
      add(record.orElse(null));
      if (state.disk() instanceof VolumeState.Holds holds) {
        add(holds.record().equals(record) ? 1 : 2);
        add(holds.record().orElse(null));
      } else {
        add(3);
      }
      add(state.memory().pause().until() > SmallWorld.NOW ? 1 : 0);
      add(state.memory().pause().forced() ? 1 : 0);
      for (Wish wish : state.wishes()) {
        add(wish.container().value().charAt(1));
      }
      add(state.waiting().ended().size());
      add(state.doing());
    }
    add(world.queue.size());
    for (SmallWorld.Call call : world.queue) {
      add(call.mount() ? 1 : 0);
      add(call.live() ? 1 : 0);
      name(call.mountId());
    }
    int held = 0; // as a set
    for (String holder : world.held) {
      held += holder.equals(Driver.OTHER) ? 1 << 20 : 1 << 2 * known(holder);
    }
    add(held);
  }

  private static long[] serials(SmallWorld world) {
    long[] all = new long[16];
    int size = 0;
    all[size++] = world.mounted;
    all[size++] = world.newest;
    all[size++] = world.cover;
    for (long had : world.had) {
      all[size++] = had;
    }
    size = collect(world.disk, all, size);
    if (world.core != null) {
      size = collect(world.core.record().orElse(null), all, size);
    }
    long[] sorted = Arrays.copyOf(all, size);
    Arrays.sort(sorted);
    return sorted;
  }

  private static int collect(@Nullable VolumeRecord record, long[] all, int size) {
    if (record != null) {
      Whereabouts where = record.where();
      all[size++] = where.mount().map(Evidence::uniqueId).orElse(0L);
      all[size++] = where.firstAnnounced().newestId();
      all[size++] = where.lastAnnounced().newestId();
    }
    return size;
  }

  /** Mounts count by their order only. */
  private int rank(long serial) {
    if (serial == 0) {
      return 0;
    }
    int rank = 0;
    long last = 0;
    for (long other : serials) {
      if (other != last) {
        rank++;
        last = other;
      }
      if (other == serial) {
        return rank;
      }
    }
    return 99;
  }

  private int known(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      index = names.size();
      names.add(name);
    }
    return index;
  }

  private void name(String name) {
    add(known(name));
  }

  private void add(@Nullable VolumeRecord record) {
    if (record == null) {
      add(7);
      return;
    }
    add(record.users().size());
    record.users().forEach(user -> add(user.value().charAt(1)));
    add(record.mountIds().size());
    for (MountId id : record.mountIds()) {
      name(id.value());
      add(id.mount().ordinal() * 8 + id.unmount().ordinal());
      add(id.isInDoubt() && id.doubtEnds() > SmallWorld.NOW ? 1 : 0);
    }
    Whereabouts where = record.where();
    add(where.path().isPresent() ? 1 : 0);
    add(where.pathNamedBefore() ? 1 : 0);
    add(rank(where.mount().map(Evidence::uniqueId).orElse(0L)));
    moment(where.firstAnnounced());
    moment(where.lastAnnounced());
    add(record.terms().keepsAccount() ? 1 : 0);
  }

  private void moment(Moment moment) {
    add(rank(moment.newestId()));
  }

  private void add(Doing doing) {
    switch (doing) {
      case Doing.Resting resting -> add(11);
      case Doing.Recording recording -> {
        add(12);
        add(recording.before().orElse(null));
        switch (recording.next()) {
          case Doing.Rest rest -> add(1);
          case Doing.Act act -> {
            add(2);
            add(act.doing());
          }
          case Doing.GiveTo give -> {
            add(3);
            give.wishes().forEach(wish -> add(wish.container().value().charAt(1)));
          }
        }
      }
      case Doing.Mounting mounting -> {
        add(13);
        name(mounting.mountId());
      }
      case Doing.Unmounting unmounting -> {
        add(14 + 16 * unmounting.before().ordinal());
        name(unmounting.mountId());
      }
      default -> add(15);
    }
  }

  private void add(int value) {
    high = mix(high ^ value + 0x1234_5678L);
    low = mix(low + 31L * value + 7) ^ Long.rotateLeft(high, 17);
  }

  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }
}
