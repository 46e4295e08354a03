// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.volume.VolumeId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A look at one volume's mount. The thread that looks goes on by itself. If a file system keeps it
 * for too long, another thread goes on in its place: the first one that {@link #decides} does.
 */
final class Looking {
  private final Mounts.Check check;
  private final Supplier<Optional<VolumeId>> owner;
  private final Optional<VolumeId> ownerBefore;
  private final boolean callerGone;
  private final AtomicBoolean decided = new AtomicBoolean();

  /**
   * @param owner the other volume that the path belongs to. Asked before the kernel: what is seen
   *     in a place of this volume's own is not unmounted before its next event. Asked again after
   *     it: what is seen may be the mount of one that came since
   * @param callerGone whether no mount that the driver was asked for can still appear
   */
  Looking(Mounts.Check check, Supplier<Optional<VolumeId>> owner, boolean callerGone) {
    this.check = check;
    this.owner = owner;
    this.ownerBefore = owner.get();
    this.callerGone = callerGone;
  }

  /** Whether the caller goes on. True once. */
  boolean decides() {
    return decided.compareAndSet(false, true);
  }

  /** Looks. Blocks for as long as a file system hangs. */
  Seen seen() {
    return check.seen();
  }

  /** The result of a look that takes too long. Does not block. */
  Seen overdue() {
    return check.overdue();
  }

  /** For the one who goes on: the volume may get its place. */
  VolumeEvent event(Seen seen) {
    return new VolumeEvent.Looked(
        new Seen(seen.moment(), seen.place(), seen.covered(), ownerBefore.or(owner), callerGone));
  }
}
