// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.lifecycle.VolumeState;
import io.dvdi.volume.ContainerId;
import java.util.List;
import java.util.Set;

/** The port to the volumes that mesos-module-dvdi or Mesos' docker/volume had mounted. */
@FunctionalInterface
public interface Predecessors {
  /** Nothing to import. */
  Predecessors NONE = (known, alive) -> List.of();

  /**
   * Writes a record for each such volume that has none. Never throws.
   *
   * @param known the volumes that are on record
   * @param alive the living containers
   * @return the new records
   */
  List<VolumeState> takeOver(List<VolumeState> known, Set<ContainerId> alive);
}
