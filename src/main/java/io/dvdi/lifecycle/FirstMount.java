// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.Told.Existence;
import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has the driver mount a volume that nobody holds, under a new mount ID. The record may still have
 * mount IDs that the driver refuses to unmount, but none that is in doubt.
 */
final class FirstMount {
  private final VolumeTurn turn;

  FirstMount(VolumeTurn turn) {
    this.turn = turn;
  }

  /** Returns whether it has started something. */
  boolean acts(@Nullable Told told, @Nullable Seen seen) {
    if (turn.record != null && isBlocked(turn.record)) {
      return false;
    }
    if (told == null) {
      turn.ask();
      return true;
    }
    if (!told.answered()) {
      turn.refuseAll("cannot be mounted: " + told.words());
      return false;
    }
    if (told.id().isPresent()) {
      turn.redirectAll(told.id().get());
    }
    if (told.existence() == Existence.ABSENT) {
      for (Wish wish : List.copyOf(turn.wishes)) {
        if (wish.needs().mustExist()) {
          turn.refuse(
              wish,
              "does not exist, and the task forbids creating it (DVDI_VOLUME_EXPLICITCREATE);"
                  + " create it first, or change the task");
        }
      }
    }
    if (turn.wishes.isEmpty()) {
      return false;
    }
    if (seen == null) {
      turn.look(told);
      return true;
    }
    if (seen.place() instanceof Seen.Unknown unknown && !unknown.why().isEmpty()) {
      // What is mounted then could not be told from what was there before.
      turn.refuseAll(
          "cannot be mounted: it cannot be seen what is mounted there now: " + unknown.why());
      return false;
    }
    if (seen.covered()) {
      turn.refuseAll(
          "cannot be mounted: something else is mounted over an earlier mount of it; unmount that"
              + " first");
      return false;
    }
    if (turn.rules.ownMounts()
        && seen.place() instanceof Seen.Mounted there
        && !(turn.record != null && turn.record.where().isRecorded(there))) {
      turn.refuseAll(
          "cannot be mounted: something that this module did not mount is mounted at "
              + there.mount().mountpoint()
              + " already; unmount it first");
      return false;
    }
    announce(told, seen);
    return true;
  }

  /** Whether mount IDs on record forbid a new one now. Refuses containers that cannot wait. */
  private boolean isBlocked(VolumeRecord record) {
    long doubtEnds = 0;
    boolean waits = false;
    for (MountId mountId : record.mountIds()) {
      if (mountId.isInDoubt()) {
        doubtEnds = Math.max(doubtEnds, mountId.doubtEnds());
      }
      waits |= mountId.unmount() != UnmountCall.REFUSED;
    }
    if (doubtEnds > 0) {
      delay(
          doubtEnds,
          "is blocked: a call to its driver was cut off, and may still mount or unmount it; wait "
              + (doubtEnds - turn.now + 999) / 1000
              + " s (until 2 × mount_timeout after the call), or stop the agent, restart the"
              + " driver, check with findmnt that nothing of the volume is mounted, move the record"
              + " "
              + turn.rules.recordFile()
              + " away, and start the agent again");
      return true;
    }
    if (waits) {
      String why = record.trouble().words();
      delay(Long.MAX_VALUE, "is still being unmounted" + (why.isEmpty() ? "" : ": " + why));
      return true;
    }
    if (record.mountIds().size() >= VolumeRecord.MOST_MOUNT_IDS) {
      turn.refuseAll(
          "has "
              + VolumeRecord.MOST_MOUNT_IDS
              + " earlier mounts that its driver does not unmount ("
              + record.trouble().words()
              + "); restart the driver");
      return true;
    }
    return false;
  }

  private void delay(long until, String words) {
    for (Wish wish : List.copyOf(turn.wishes)) {
      if (until != Long.MAX_VALUE && wish.deadline() <= until) {
        turn.refuse(wish, words);
      } else {
        turn.steps.add(new VolumeStep.Delay(wish.container(), turn.id + " " + words));
      }
    }
  }

  private void announce(Told told, Seen seen) {
    Wish first = turn.wishes.get(0);
    // As it was spelled before, if the driver may still know the volume.
    VolumeId spelling = turn.spelling();
    turn.announced++;
    MountId mountId =
        new MountId(
            turn.rules.idPrefix() + turn.announced,
            spelling,
            MountCall.SENT,
            UnmountCall.NONE,
            turn.now + turn.rules.times().doubt());
    VolumeRecord before = turn.record;
    VolumeRecord record =
        before == null || before.mountIds().isEmpty()
            ? alone(first, mountId, told, seen)
            : beside(before, first, mountId, told, seen);
    VolumeStep.Action action;
    Doing doing;
    if (told.existence() == Existence.ABSENT) {
      action = new VolumeStep.Create(spelling, first.options());
      doing = new Doing.Creating(mountId.value());
    } else {
      action = new VolumeStep.Mount(spelling, first.options(), mountId.value());
      doing = new Doing.Mounting(mountId.value());
    }
    turn.write(record, new Doing.Act(action, doing));
  }

  /** The driver knows no other mount ID of the volume. */
  private VolumeRecord alone(Wish first, MountId mountId, Told told, Seen seen) {
    VolumeRecord before = turn.record;
    Optional<String> path =
        told.path().isPresent() || before == null ? told.path() : before.where().path();
    return new VolumeRecord(
        turn.id,
        new Terms(first.service(), first.options(), false, false, told.keepsAccount()),
        List.of(),
        List.of(mountId),
        new Whereabouts(
            path, told.path().isPresent(), Optional.empty(), seen.moment(), seen.moment()),
        before == null ? Trouble.NONE : before.trouble());
  }

  /** The driver may still know other mount IDs, and gets this one too. */
  private VolumeRecord beside(
      VolumeRecord before, Wish first, MountId mountId, Told told, Seen seen) {
    List<MountId> mountIds = new ArrayList<>(before.mountIds());
    mountIds.add(mountId);
    Whereabouts where = before.where();
    return new VolumeRecord(
        turn.id,
        new Terms(
            before.terms().service(),
            first.options(),
            false,
            false,
            told.keepsAccount() || before.terms().keepsAccount()),
        List.of(),
        List.copyOf(mountIds),
        new Whereabouts(
            told.path().or(where::path),
            told.path().isPresent(),
            where.mount(),
            where.firstAnnounced(),
            seen.moment()),
        before.trouble());
  }
}
