// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.VolumeRecord;
import io.dvdi.log.Log;
import io.dvdi.volume.VolumeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether Data and data are one volume (parameter name_case). Where they are, a driver is told the
 * spelling of the container that had the volume mounted, at Mount and at Unmount, since a driver
 * may tell them apart; the record has that spelling.
 *
 * <p>Records know nothing of the parameter, so that it may change between two agents. What an
 * earlier agent told apart stays two volumes as long as this agent runs: to hand a task the other
 * one's data would be worse than to have both. What it had as one stays one for those who hold it.
 */
final class NameCase {
  private final boolean anyCase;
  private final String bootId;
  private final Log log;

  /** Volumes of which recover found more than one. */
  private volatile Set<VolumeId> toldApart = Set.of();

  NameCase(boolean anyCase, String bootId, Log log) {
    this.anyCase = anyCase;
    this.bootId = bootId;
    this.log = log;
  }

  /** The records of an earlier agent, by the identity that volumes have now. Called once, first. */
  List<VolumeRecord> adopted(List<VolumeRecord> records) {
    Map<VolumeId, VolumeId> first = new HashMap<>();
    Set<VolumeId> several = new HashSet<>();
    for (VolumeRecord record : records) {
      if (!record.bootId().equals(bootId)) {
        continue; // nothing is mounted any more
      }
      VolumeId other = first.putIfAbsent(record.id().inAnyCase(), record.id());
      if (anyCase && other != null) {
        several.add(record.id().inAnyCase());
        log.warning(
            "%s and %s are both in use and stay two volumes until the agent is started again without them, although name_case is ignore"
                .formatted(other, record.id()));
      }
    }
    toldApart = several;
    return records.stream().map(record -> record.as(of(record.id()))).toList();
  }

  /** Which volume is meant by a name as written. */
  VolumeId of(VolumeId written) {
    return anyCase && !toldApart.contains(written.inAnyCase()) ? written.inAnyCase() : written;
  }
}
