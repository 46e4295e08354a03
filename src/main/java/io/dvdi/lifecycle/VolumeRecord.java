// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;

/**
 * What is on disk about a volume: everything that the next agent needs. Each boot has a folder for
 * its records.
 *
 * @param id the volume
 * @param terms how it is mounted
 * @param users the containers that hold it, in the order in which they came
 * @param mountIds that the driver may know, as a rule in the order in which they were announced
 * @param where the volume is
 * @param trouble what failed, for the operator
 */
public record VolumeRecord(
    VolumeId id,
    Terms terms,
    List<ContainerId> users,
    List<MountId> mountIds,
    Whereabouts where,
    Trouble trouble) {

  /** At this limit, new tasks are refused. A driver that never unmounts would fill the disk. */
  static final int MOST_MOUNT_IDS = 16;

  VolumeRecord with(Terms next) {
    return new VolumeRecord(id, next, users, mountIds, where, trouble);
  }

  VolumeRecord with(Whereabouts next) {
    return new VolumeRecord(id, terms, users, mountIds, next, trouble);
  }

  VolumeRecord with(Trouble next) {
    return new VolumeRecord(id, terms, users, mountIds, where, next);
  }

  VolumeRecord withUsers(List<ContainerId> next) {
    return new VolumeRecord(id, terms, List.copyOf(next), mountIds, where, trouble);
  }

  VolumeRecord withMountIds(List<MountId> next) {
    return new VolumeRecord(id, terms, users, List.copyOf(next), where, trouble);
  }

  VolumeRecord with(int index, MountId next) {
    List<MountId> all = new ArrayList<>(mountIds);
    all.set(index, next);
    return withMountIds(all);
  }

  VolumeRecord without(int index) {
    List<MountId> all = new ArrayList<>(mountIds);
    all.remove(index);
    return withMountIds(all);
  }
}
