// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import java.util.Optional;

/**
 * Where a volume is, according to the driver and to the kernel.
 *
 * @param path where the driver says that it is; absent if it has not said
 * @param pathNamedBefore whether the driver named that path before it was asked to mount; then an
 *     older mount there belongs to another client of the driver
 * @param mount that was proved, or is about to be unmounted; absent for a plain directory
 * @param firstAnnounced the moment before the oldest mount ID on record was announced
 * @param lastAnnounced the moment before the newest one was
 */
public record Whereabouts(
    Optional<String> path,
    boolean pathNamedBefore,
    Optional<Evidence> mount,
    Moment firstAnnounced,
    Moment lastAnnounced) {

  /** Whether this is the mount on record. */
  boolean isRecorded(Seen.Place place) {
    return place instanceof Seen.Mounted there
        && mount.isPresent()
        && mount.get().isSameMount(there.mount());
  }

  /** Whether the mount on record is gone. Something else may be mounted there. */
  boolean isGone(Seen seen) {
    return mount.isPresent() && !seen.covered() && !isRecorded(seen.place());
  }

  /** Whether this is the mount on record, uncovered, and one that this module had made. */
  boolean isOurs(Seen seen) {
    return isRecorded(seen.place())
        && !seen.covered()
        && firstAnnounced.ageOf(mount.get()) == Moment.Age.NEWER;
  }

  /** Whether the mount there is newer than the last announcement, and may be a volume's. */
  boolean isNew(Seen.Place place) {
    return place instanceof Seen.Mounted there
        && there.refusal().isEmpty()
        && lastAnnounced.ageOf(there.mount()) == Moment.Age.NEWER;
  }

  /** Whether the mount there may be newer than the last announcement. */
  boolean mayBeNew(Seen.Place place) {
    return place instanceof Seen.Mounted there
        && lastAnnounced.ageOf(there.mount()) != Moment.Age.OLDER;
  }

  /**
   * Whether the mount on record is newer than the last announcement, and so not of an earlier ID.
   */
  boolean isOfTheLast() {
    return mount.isPresent() && lastAnnounced.ageOf(mount.get()) == Moment.Age.NEWER;
  }

  /** What was at one path when a mount was announced says nothing of another path. */
  Whereabouts at(String next) {
    Optional<String> now = Optional.of(next);
    return path.equals(now)
        ? this
        : new Whereabouts(
            now, false, mount, firstAnnounced.withoutPath(), lastAnnounced.withoutPath());
  }

  Whereabouts with(Optional<Evidence> next) {
    return new Whereabouts(path, pathNamedBefore, next, firstAnnounced, lastAnnounced);
  }
}
