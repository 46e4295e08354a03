// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Time in a small world: a pause or a doubt is over. */
final class SmallTime {
  private SmallTime() {}

  static void pauseOver(SmallWorld world) {
    VolumeState s = world.core;
    world.core =
        new VolumeState(
            s.id(),
            s.record(),
            s.disk(),
            s.waiting(),
            s.doing(),
            s.memory().with(new VolumeState.Pause(SmallWorld.NOW, 0, true)));
    world.apply(new VolumeEvent.Woken());
  }

  static void doubtOver(SmallWorld world, String mountId) {
    world.disk = over(world.disk, mountId);
    VolumeState s = world.core;
    VolumeState.Disk known =
        s.disk() instanceof VolumeState.Holds holds
            ? new VolumeState.Holds(holds.record().map(record -> over(record, mountId)))
            : s.disk();
    world.core =
        new VolumeState(
            s.id(),
            s.record().map(record -> over(record, mountId)),
            known,
            s.waiting(),
            s.doing(),
            s.memory());
    world.apply(new VolumeEvent.Woken());
  }

  private static @Nullable VolumeRecord over(@Nullable VolumeRecord record, String mountId) {
    if (record == null) {
      return null;
    }
    List<MountId> ids = new ArrayList<>();
    for (MountId id : record.mountIds()) {
      ids.add(
          id.value().equals(mountId)
              ? new MountId(id.value(), id.spelling(), id.mount(), id.unmount(), SmallWorld.NOW)
              : id);
    }
    return new VolumeRecord(
        record.id(), record.terms(), record.users(), ids, record.where(), record.trouble());
  }
}
