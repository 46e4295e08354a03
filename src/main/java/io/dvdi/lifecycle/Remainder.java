// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * What is left of a volume that nobody holds, when nothing more can be done about its mount IDs.
 */
final class Remainder {
  private final VolumeTurn turn;

  Remainder(VolumeTurn turn) {
    this.turn = turn;
  }

  /** Whether all is settled, so that only a look can tell whether the record is still needed. */
  boolean isSettled() {
    return turn.known().mountIds().isEmpty() && turn.known().where().mount().isPresent();
  }

  /** Whether the record is still needed although nothing more can be done now. */
  boolean isPending(@Nullable Seen seen) {
    if (!turn.known().mountIds().isEmpty()) {
      return true;
    }
    if (seen != null && seen.place() instanceof Seen.Unknown unknown && !unknown.why().isEmpty()) {
      turn.later("stays on record: it cannot be seen whether it is mounted: " + unknown.why());
      return true;
    }
    Whereabouts where = turn.known().where();
    Moment.Age age = where.mount().map(where.firstAnnounced()::ageOf).orElse(Moment.Age.OLDER);
    boolean there =
        seen != null
            && (where.isRecorded(seen.place()) || seen.covered())
            && age != Moment.Age.OLDER; // else another client's
    if (there) {
      turn.later(
          "could not be unmounted: its driver says that it is unmounted, but it still is mounted;"
              + " another client of the driver may have it. The driver is not told again, and the"
              + " record goes when the mount does");
    }
    return there;
  }
}
