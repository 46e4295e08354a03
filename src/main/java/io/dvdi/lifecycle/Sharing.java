// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.VolumeStep.Level;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.FileSystem;
import io.dvdi.volume.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives a mounted volume to the containers that wish for it, once the kernel shows the mount, and
 * as long as it shows the same one. A mount ID for which Unmount was ever sent is given to nobody.
 */
final class Sharing {
  private final VolumeTurn turn;

  Sharing(VolumeTurn turn) {
    this.turn = turn;
  }

  /**
   * Returns whether it has started something. Refuses containers that cannot share the volume with
   * its users.
   */
  boolean acts(@Nullable Told told, @Nullable Seen seen) {
    VolumeRecord record = turn.record;
    if (record == null) {
      return false;
    }
    boolean held = !record.users().isEmpty();
    int index = shareable(record);
    if (index < 0 || record.mountIds().stream().anyMatch(MountId::isInDoubt)) {
      if (held) {
        turn.refuseAll("is in use, and its driver has not unmounted an earlier mount of it yet");
      }
      return false;
    }
    MountId mountId = record.mountIds().get(index);
    boolean proved = mountId.mount() == MountCall.PROVED;
    if (proved && !held && isAnewFor(turn.wishes.get(0))) {
      return false; // it was another task's
    }
    if (seen == null) {
      turn.look(told);
      return true;
    }
    Optional<String> problem = proved ? change(record, seen) : flaw(record, seen);
    if (problem.isPresent()) {
      if (held || !proved) {
        turn.refuseAll(problem.get());
      }
      return false;
    }
    if (!proved) {
      prove(mountId, seen);
      refuseUnfit(seen);
      if (turn.wishes.isEmpty()) {
        return false;
      }
      Optional<String> owner = turn.wishes.get(0).needs().owner();
      if (owner.isPresent() && wasThere(seen)) {
        turn.say(
            Level.INFO,
            turn.id
                + " was mounted already, and keeps its owner (volume_owner); "
                + owner.get()
                + " may be unable to write to it");
      } else if (owner.isPresent() && !turn.known().terms().readOnly()) {
        Whereabouts where = turn.known().where();
        turn.act(
            new VolumeStep.Chown(where.path().orElse(""), where.mount(), owner.get()),
            new Doing.Chowning(seen));
        return true;
      }
    }
    if (proved && !held) {
      refuseUnfit(seen);
      if (!turn.wishes.isEmpty() && isAnewFor(turn.wishes.get(0))) {
        return false;
      }
    }
    return gives(seen);
  }

  /** Whether what nobody has any more is unmounted first, and mounted anew for this container. */
  private boolean isAnewFor(Wish wish) {
    return wish.needs().fresh() || hasOtherOptions(wish);
  }

  private boolean hasOtherOptions(Wish wish) {
    return areOther(wish.options(), turn.known().terms().options());
  }

  /** Who gave none takes what is there. */
  private static boolean areOther(Options wanted, Options mounted) {
    return !wanted.isEmpty() && !mounted.isEmpty() && !wanted.values().equals(mounted.values());
  }

  /**
   * Whether the container gave other options than the one that the volume is mounted for. Default
   * options alone make no difference: the operator may have changed them since.
   */
  private boolean gaveOtherOptions(Wish wish) {
    return hasOtherOptions(wish)
        && areOther(wish.options().given(), turn.known().terms().options().given());
  }

  private static int shareable(VolumeRecord record) {
    for (int i = 0; i < record.mountIds().size(); i++) {
      MountId mountId = record.mountIds().get(i);
      if ((mountId.mount() == MountCall.DONE || mountId.mount() == MountCall.PROVED)
          && mountId.unmount() == UnmountCall.NONE) {
        return i;
      }
    }
    return -1;
  }

  /** Gives the volume to all containers that it suits; returns whether there are any. */
  boolean gives(Seen seen) {
    refuseUnfit(seen);
    if (turn.wishes.isEmpty()) {
      return false;
    }
    VolumeRecord record = turn.known();
    List<ContainerId> users = new ArrayList<>(record.users());
    turn.wishes.forEach(wish -> users.add(wish.container()));
    List<Wish> given = List.copyOf(turn.wishes);
    turn.wishes.clear();
    VolumeRecord next = record.withUsers(users);
    boolean settled = record.mountIds().size() == 1;
    Optional<FileSystem> fileSystem =
        seen.place() instanceof Seen.Mounted there ? there.fileSystem() : Optional.empty();
    turn.write(settled ? next.with(Trouble.NONE) : next, new Doing.GiveTo(given, fileSystem));
    return true;
  }

  /** Whether it was mounted before the driver was told. Others rely on its owner. */
  private boolean wasThere(Seen seen) {
    return seen.place() instanceof Seen.Mounted && !turn.known().where().mayBeNew(seen.place());
  }

  private void prove(MountId mountId, Seen seen) {
    turn.update(mountId.value(), id -> id.with(MountCall.PROVED));
    Optional<Evidence> mount =
        seen.place() instanceof Seen.Mounted there ? Optional.of(there.mount()) : Optional.empty();
    turn.record = turn.known().with(turn.known().where().with(mount));
  }

  private void refuseUnfit(Seen seen) {
    Terms terms = turn.known().terms();
    for (Wish wish : List.copyOf(turn.wishes)) {
      if (gaveOtherOptions(wish)) {
        turn.refuse(
            wish,
            turn.known().users().isEmpty()
                ? "is being mounted with other options for another container; give the same ones,"
                    + " or none"
                : "is in use by containers "
                    + ContainerId.some(turn.known().users())
                    + " with other options; give the same ones, or none");
      } else if (wish.needs().fresh() && !isFresh(seen)) {
        turn.refuse(
            wish,
            "was mounted before, and the task asks for one that is empty; another client of the"
                + " driver may have it");
      } else if (wish.needs().writable()
          && !terms.readOnly()
          && seen.place() instanceof Seen.Mounted there
          && there.readOnly()) {
        turn.refuse(
            wish, "is mounted read-only, and the task is to write to it; ask for it read-only");
      }
    }
  }

  /** Whether the mount was made for this task, or for one that shares it. */
  private boolean isFresh(Seen seen) {
    VolumeRecord record = turn.known();
    if (!record.users().isEmpty() || !(seen.place() instanceof Seen.Mounted there)) {
      return true;
    }
    Moment.Age age = record.where().lastAnnounced().ageOf(there.mount());
    return age == Moment.Age.NEWER || (age == Moment.Age.UNKNOWN && record.mountIds().size() == 1);
  }

  /** Why a mount that the driver reports cannot be given to a task. */
  private Optional<String> flaw(VolumeRecord record, Seen seen) {
    String at = " at " + record.where().path().orElse("a path that its driver does not name");
    return switch (seen.place()) {
      case Seen.Unknown unknown ->
          Optional.of(
              unknown.why().isEmpty()
                  ? "cannot be used: its driver does not say where it is mounted"
                  : "cannot be used: it cannot be seen whether it is mounted: " + unknown.why());
      case Seen.NotMounted none -> flaw(record, none, at);
      case Seen.Mounted there -> flaw(record, there, seen.covered(), at);
    };
  }

  private Optional<String> flaw(VolumeRecord record, Seen.NotMounted none, String at) {
    if (!none.isDirectory()) {
      return Optional.of(
          "cannot be used: its driver says that it is mounted"
              + at
              + ", but there is no such directory; does the driver run in another mount"
              + " namespace?");
    }
    return turn.rules.plainDirectories() || record.terms().hostDirectory()
        ? Optional.empty()
        : Optional.of(
            "cannot be used: its driver says that it is mounted"
                + at
                + ", but that is a plain directory of the host's file system, which the task would"
                + " fill; if this driver hands out plain directories on purpose, the operator adds"
                + " it to the parameter plain_directories");
  }

  private Optional<String> flaw(
      VolumeRecord record, Seen.Mounted there, boolean covered, String at) {
    if (there.refusal().isPresent()) {
      return Optional.of("cannot be used: " + there.refusal().get());
    }
    if (record.where().firstAnnounced().ageOf(there.mount()) == Moment.Age.OLDER
        && (!record.where().pathNamedBefore() || turn.rules.ownMounts())) {
      return Optional.of(
          "cannot be used: what is mounted" + at + " was there before, and is not the volume");
    }
    if (covered && !record.where().isNew(there)) {
      return Optional.of(
          "cannot be used: something else is mounted over it" + at + "; unmount that first");
    }
    if (record.where().isNew(there)) {
      turn.record = record.with(record.where().with(Optional.of(there.mount())));
    }
    return there.health() == Health.ANSWERS
        ? Optional.empty()
        : Optional.of("cannot be used: its file system" + at + " does not answer");
  }

  /** Why the mount is no longer the one that was proved. */
  private static Optional<String> change(VolumeRecord record, Seen seen) {
    String at = " at " + record.where().path().orElse("its path");
    if (record.where().mount().isEmpty()) {
      return seen.place() instanceof Seen.NotMounted none && none.isDirectory()
          ? Optional.empty()
          : Optional.of(notUsable(record, at));
    }
    return record.where().isRecorded(seen.place())
            && ((Seen.Mounted) seen.place()).health() == Health.ANSWERS
            && ((Seen.Mounted) seen.place()).refusal().isEmpty()
        ? Optional.empty()
        : Optional.of(notUsable(record, at));
  }

  private static String notUsable(VolumeRecord record, String at) {
    return "is not usable"
        + at
        + " any more, but containers "
        + ContainerId.some(record.users())
        + " hold it; end them first, and see why its file system went away";
  }
}
