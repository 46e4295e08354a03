// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.lifecycle.VolumeState;
import io.dvdi.volume.ContainerId;
import java.util.List;
import java.util.Set;

/** The port to volumes that another module had mounted when this one took its place. */
@FunctionalInterface
public interface Predecessors {
  /** There was none. */
  Predecessors NONE = (known, alive) -> List.of();

  /**
   * Makes a record of each such volume that is not known yet, and writes it. Never throws.
   *
   * @param known the volumes that are on record
   * @param alive the containers that the host knows
   * @return the new ones
   */
  List<VolumeState> takeOver(List<VolumeState> known, Set<ContainerId> alive);
}
