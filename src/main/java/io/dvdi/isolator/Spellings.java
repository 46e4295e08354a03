// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.volume.VolumeId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Other names under which volumes on record were mounted. Whoever writes one of them shares the
 * volume, even while its driver does not answer. Thread-safe.
 */
final class Spellings {
  private final ConcurrentMap<VolumeId, VolumeId> volumes = new ConcurrentHashMap<>();

  /** The volume that a name stands for: itself, unless it is another name of one on record. */
  VolumeId volume(VolumeId written) {
    return volumes.getOrDefault(written, written);
  }

  void adopt(VolumeState state) {
    update(VolumeState.none(state.id()), state);
  }

  /** Notes what a volume's record says. Doing so twice makes no difference. */
  void update(VolumeState before, VolumeState after) {
    VolumeRecord old = before.record().orElse(null);
    VolumeRecord next = after.record().orElse(null);
    if (next != null) {
      for (MountId mountId : next.mountIds()) {
        if (!mountId.spelling().equals(after.id())) {
          volumes.put(mountId.spelling(), after.id());
        }
      }
    }
    if (old != null) {
      for (MountId mountId : old.mountIds()) {
        VolumeId spelling = mountId.spelling();
        if (!spelling.equals(after.id()) && !isSpelled(next, spelling)) {
          volumes.remove(spelling, after.id());
        }
      }
    }
  }

  private static boolean isSpelled(@Nullable VolumeRecord record, VolumeId spelling) {
    return record != null
        && record.mountIds().stream().anyMatch(id -> id.spelling().equals(spelling));
  }
}
