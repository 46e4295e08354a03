// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.VolumeStep.Level;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has a volume unmounted that nobody holds, one mount ID after the other. A mount ID is settled,
 * and removed from the record, once the driver no longer has it and can no longer receive it. Until
 * then, Unmount is tried again and again.
 */
final class LastUnmount {
  private final VolumeTurn turn;

  /** Why a mount ID cannot be settled now, unless it only waits for a moment. */
  private String obstacle = "";

  LastUnmount(VolumeTurn turn) {
    this.turn = turn;
  }

  /** What is to be done about a mount ID. */
  private enum Decision {
    /** It goes from the record: the driver no longer has it, and can no longer receive it. */
    SETTLED,
    /** Ask the driver first. */
    ASK,
    /** Ask the kernel first. */
    LOOK,
    /** Have the driver unmount it. */
    UNMOUNT,
    /** Have the module unmount it. */
    FORCE,
    /** Nothing can be done now. */
    WAIT
  }

  /** Returns whether it has started something. */
  boolean acts(@Nullable Told told, @Nullable Seen seen) {
    if (turn.now >= turn.pause.until()) {
      turn.sendAgain();
    }
    if (seen != null) {
      keep(seen);
    }
    int index = 0;
    while (index < turn.known().mountIds().size()) {
      weighDoubt(index, told, seen);
      MountId mountId = turn.known().mountIds().get(index);
      switch (decide(mountId, told, seen)) {
        case SETTLED -> turn.record = turn.known().without(index);
        case WAIT -> index++;
        case ASK -> {
          turn.ask();
          return true;
        }
        case LOOK -> {
          turn.look(told);
          return true;
        }
        case UNMOUNT -> {
          unmount(mountId, seen);
          return true;
        }
        case FORCE -> {
          Whereabouts where = turn.known().where();
          turn.write(
              turn.known(),
              new Doing.Act(
                  new VolumeStep.Force(where.path().orElseThrow(), where.mount().orElseThrow()),
                  new Doing.Forcing()));
          return true;
        }
      }
    }
    if (!turn.known().mountIds().isEmpty()) {
      pauseOrSay();
    }
    return false;
  }

  /** Keeps a mount that the driver reported as evidence, even if no container ever had it. */
  private void keep(Seen seen) {
    VolumeRecord record = turn.known();
    Whereabouts where = record.where();
    boolean done = record.mountIds().stream().anyMatch(id -> id.mount() == MountCall.DONE);
    if (seen.owner().isEmpty()
        && done
        && !where.isOfTheLast()
        && !seen.covered()
        && where.isNew(seen.place())) {
      Evidence mount = ((Seen.Mounted) seen.place()).mount();
      turn.record = record.with(where.with(Optional.of(mount)));
    }
  }

  private void pauseOrSay() {
    if (!obstacle.isEmpty()) {
      turn.later(obstacle);
    } else if (turn.now >= turn.pause.until() && turn.known().terms().keepsAccount()) {
      turn.pause(); // the account may end the doubt before its time does
    }
  }

  /**
   * Ends a doubt when the driver shows the mount ID, or when the call can no longer take effect.
   */
  private void weighDoubt(int index, @Nullable Told told, @Nullable Seen seen) {
    MountId mountId = turn.known().mountIds().get(index);
    boolean earlier = mountId.mount() == MountCall.EARLIER_BOOT;
    if (!earlier && !mountId.isInDoubt()) {
      return;
    }
    if (Account.shows(told, mountId)) {
      turn.record = turn.known().with(index, mountId.with(MountCall.DONE).with(UnmountCall.DUE));
    } else if (!earlier
        && (turn.evidenceFrom >= mountId.doubtEnds() || (seen != null && seen.callerGone()))) {
      turn.record = turn.known().with(index, mountId.expired());
    }
  }

  private Decision decide(MountId mountId, @Nullable Told told, @Nullable Seen seen) {
    if (mountId.unmount() == UnmountCall.DONE) {
      return Decision.SETTLED;
    }
    boolean neat =
        (mountId.mount() == MountCall.DONE || mountId.mount() == MountCall.PROVED)
            && mountId.unmount() == UnmountCall.NONE;
    boolean earlier = mountId.mount() == MountCall.EARLIER_BOOT;
    if (told == null && !neat) {
      return Decision.ASK;
    }
    if (told != null && !told.answered()) {
      return waitFor("could not be unmounted: its driver does not answer: " + told.words());
    }
    if (earlier) {
      return Account.of(told, turn.known().terms()) == Account.NOT_KNOWN
          ? waitFor(
              "stays on record: its driver does not say whether it still has the mount from before"
                  + " the boot")
          : Decision.SETTLED;
    }
    if (seen == null) {
      return Decision.LOOK;
    }
    if (mountId.isInDoubt()) {
      // An answer from before the end of the doubt may be out of date.
      return turn.now < mountId.doubtEnds() ? Decision.WAIT : Decision.ASK;
    }
    if (seen.place() instanceof Seen.Unknown unknown && !unknown.why().isEmpty()) {
      return waitFor("stays on record: it cannot be seen whether it is mounted: " + unknown.why());
    }
    if (turn.rules.ownMounts() && turn.known().where().isGone(seen) && !mayBeOf(mountId, seen)) {
      sayGone();
      return Decision.SETTLED; // what is there now is somebody else's
    }
    if (!neat && isSettled(mountId, told, seen)) {
      return Decision.SETTLED;
    }
    if (seen.owner().isPresent()) {
      turn.waitsForItsPlace = true; // Unmount might take the mount of the place's owner
      return Decision.WAIT;
    }
    if (mountId.unmount() == UnmountCall.REFUSED) {
      return !turn.pause.forced() && mayForce(told, seen)
          ? Decision.FORCE
          : waitFor(turn.known().trouble().words());
    }
    if (turn.pause.tries() > 0 && !turn.pause.forced() && isDead(seen)) {
      return Decision.FORCE; // its driver had its chance, and may never come back
    }
    if (seen.covered()) {
      return waitFor(
          "could not be unmounted: something else is mounted over it; unmount that first");
    }
    return turn.now < turn.pause.until() ? Decision.WAIT : Decision.UNMOUNT;
  }

  /** Whether what is mounted there instead may belong to this mount ID, which was never proved. */
  private boolean mayBeOf(MountId mountId, Seen seen) {
    Whereabouts where = turn.known().where();
    return (mountId.mount() == MountCall.EXPIRED || mountId.mount() == MountCall.DONE)
        && !where.isOfTheLast()
        && where.mayBeNew(seen.place());
  }

  private void sayGone() {
    if (!turn.unmounted.equals(turn.known().where().mount())) {
      turn.say(Level.WARNING, turn.id + ": somebody else has unmounted it");
    }
  }

  private Decision waitFor(String words) {
    obstacle = words;
    return Decision.WAIT;
  }

  private boolean isSettled(MountId mountId, @Nullable Told told, Seen seen) {
    Account account = Account.of(told, turn.known().terms());
    if (account == Account.NOT_KNOWN || Account.shows(told, mountId)) {
      return false;
    }
    boolean nothing = seen.place() instanceof Seen.NotMounted;
    // A driver that says nothing about the volume may only have lost its storage.
    boolean anywhere =
        seen.place() instanceof Seen.Unknown
            && told != null
            && told.existence() != Told.Existence.UNKNOWN;
    if (mountId.unmount() == UnmountCall.REFUSED) {
      if (nothing || anywhere) {
        turn.say(
            Level.WARNING,
            turn.id
                + ": its driver refused to unmount it ("
                + turn.known().trouble().words()
                + (nothing
                    ? "), and nothing is mounted any more"
                    : "), and does not say where it is; it is taken for unmounted"));
      }
      return nothing || anywhere;
    }
    if (mountId.mount() == MountCall.REFUSED && mountId.unmount() == UnmountCall.NONE) {
      return !turn.known().where().mayBeNew(seen.place());
    }
    // A driver that counts, and is told once too often, is wrong from then on.
    return account == Account.NONE
        && nothing
        && (mountId.mount() == MountCall.EXPIRED || mountId.unmount() == UnmountCall.DUE);
  }

  /** Whether the mount is ours and dead, or ours and refused by a driver whose account is empty. */
  private boolean mayForce(@Nullable Told told, Seen seen) {
    boolean came =
        turn.known().mountIds().stream()
            .anyMatch(id -> id.mount() == MountCall.PROVED || id.mount() == MountCall.DONE);
    return isDead(seen)
        || (turn.known().where().isOurs(seen)
            && came
            && Account.of(told, turn.known().terms()) == Account.SHOWN
            && Account.shown(told).isEmpty());
  }

  private boolean isDead(Seen seen) {
    if (!turn.known().where().isOurs(seen)) {
      return false;
    }
    Health health = ((Seen.Mounted) seen.place()).health();
    // A process that hangs in our own mount, whose storage is gone, would keep it for ever.
    return health == Health.DEAD || (turn.rules.ownMounts() && health == Health.SILENT);
  }

  private void unmount(MountId mountId, @Nullable Seen seen) {
    VolumeRecord record = turn.known();
    Optional<Evidence> going = record.where().mount();
    if (going.isPresent() && seen != null && turn.known().where().isGone(seen)) {
      sayGone();
    }
    // A mount ID that was proved without a mount is one of a plain directory.
    boolean known =
        record.mountIds().stream()
            .anyMatch(
                id ->
                    id.mount() == MountCall.PROVED
                        || (id.mount() == MountCall.DONE && record.where().mount().isPresent()));
    if (!known && seen != null && record.where().isNew(seen.place())) {
      going = Optional.of(((Seen.Mounted) seen.place()).mount());
    }
    int index = record.mountIds().indexOf(mountId);
    MountId sent =
        mountId.with(UnmountCall.SENT).inDoubtUntil(turn.now + turn.rules.times().doubt());
    turn.write(
        record.with(index, sent).with(record.where().with(going)),
        new Doing.Act(
            new VolumeStep.Unmount(mountId.spelling(), mountId.value(), record.where().path()),
            new Doing.Unmounting(mountId.value(), mountId.unmount())));
  }
}
