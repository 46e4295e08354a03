// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.VolumeState.Disk;
import io.dvdi.lifecycle.VolumeState.Pause;
import io.dvdi.lifecycle.VolumeStep.Level;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A volume's state while an event is applied to it, and the steps that come out. */
final class VolumeTurn {
  final Rules rules;
  final VolumeId id;
  final long now;
  final List<Wish> wishes;
  final List<ContainerId> leaving;
  final List<ContainerId> waiting;
  final List<VolumeStep> steps = new ArrayList<>();

  @Nullable VolumeRecord record;
  Disk disk;
  Doing doing;
  Pause pause;
  long announced;
  Optional<Evidence> unmounted;

  /** Whether writing has to wait until the pause is over. */
  boolean diskRests;

  /** Whether mount IDs wait until the place belongs to this volume, which is then woken. */
  boolean waitsForItsPlace;

  /** When the driver and the kernel were asked: their answers may have been true only then. */
  long evidenceFrom;

  VolumeTurn(Rules rules, VolumeState state, long now) {
    this.rules = rules;
    this.id = state.id();
    this.now = now;
    this.record = state.record().orElse(null);
    this.disk = state.disk();
    this.wishes = new ArrayList<>(state.wishes());
    this.leaving = new ArrayList<>(state.waiting().ended());
    this.waiting = new ArrayList<>(state.waiting().unanswered());
    this.doing = state.doing();
    this.pause = state.memory().pause();
    this.announced = state.memory().announced();
    this.unmounted = state.memory().unmounted();
    this.evidenceFrom = now;
    this.diskRests = disk instanceof VolumeState.Unsure && now < pause.until();
  }

  VolumeState state() {
    return new VolumeState(
        id,
        Optional.ofNullable(record),
        disk,
        new VolumeState.Waiting(List.copyOf(wishes), List.copyOf(leaving), List.copyOf(waiting)),
        doing,
        new VolumeState.Memory(pause, announced, unmounted));
  }

  // Actions: each is the last step of a turn.

  void act(VolumeStep.Action action, Doing next) {
    steps.add(action);
    doing = next;
  }

  void ask() {
    act(new VolumeStep.Ask(spelling()), new Doing.Asking(now));
  }

  void look(@Nullable Told told) {
    Optional<String> path = record == null ? Optional.empty() : record.where().path();
    if (path.isEmpty() && told != null) {
      path = told.path();
    }
    Optional<Evidence> known = record == null ? Optional.empty() : record.where().mount();
    act(
        new VolumeStep.Look(path, known),
        new Doing.Looking(Optional.ofNullable(told), told == null ? now : evidenceFrom));
  }

  /** Writes the record, and then goes on. */
  void write(VolumeRecord next, Doing.Next then) {
    Doing recording = new Doing.Recording(Optional.ofNullable(record), then);
    record = next;
    act(new VolumeStep.Write(next), recording);
  }

  void remove() {
    Doing recording = new Doing.Recording(Optional.ofNullable(record), new Doing.Rest());
    record = null;
    act(new VolumeStep.Remove(), recording);
  }

  /** Nothing more can be done now. Writes what is known, unless it is on disk. */
  void rest() {
    boolean same =
        disk instanceof VolumeState.Holds holds
            && holds.record().equals(Optional.ofNullable(record));
    if (same || disk instanceof VolumeState.Unreadable || diskRests) {
      doing = new Doing.Resting();
      waiting.forEach(container -> steps.add(new VolumeStep.Freed(container)));
      waiting.clear();
      wake();
    } else if (record == null) {
      remove();
    } else {
      write(record, new Doing.Rest());
    }
  }

  private void wake() {
    long moment = Long.MAX_VALUE;
    if (record != null && record.users().isEmpty()) {
      for (MountId mountId : record.mountIds()) {
        if (mountId.isInDoubt() && mountId.doubtEnds() > now) {
          moment = Math.min(moment, mountId.doubtEnds());
        }
      }
    }
    if (pause.until() > now) {
      moment = Math.min(moment, pause.until());
    }
    if (moment == Long.MAX_VALUE && record != null && record.users().isEmpty()) {
      // Without a reason to wait, what it waited for ended while the record was written.
      moment = now + (waitsForItsPlace ? rules.times().longestRetry() : rules.times().firstRetry());
    }
    if (moment != Long.MAX_VALUE) {
      steps.add(new VolumeStep.WakeAt(moment));
    }
  }

  /** An attempt failed. It is repeated after a pause. */
  void later(String words) {
    if (now >= pause.until()) {
      pause();
    }
    if (pause.said()) {
      return;
    }
    pause = new Pause(pause.until(), pause.tries(), true, pause.forced());
    if (record != null) {
      record = record.with(record.trouble().andNow(now, words));
    }
    say(Level.ERROR, id + " " + words + "; dvdi will try again");
  }

  /** Has the driver mount it, as the record on disk announces. */
  void mount(String mountId) {
    VolumeRecord mounting = known();
    VolumeId spelling = mounting.mountIds().get(mounting.mountIds().size() - 1).spelling();
    act(
        new VolumeStep.Mount(spelling, mounting.terms().options(), mountId),
        new Doing.Mounting(mountId));
  }

  // What is known now. It is written together with what follows from it.

  VolumeRecord known() {
    return Objects.requireNonNull(record, "a volume without a record");
  }

  void update(String mountId, UnaryOperator<MountId> change) {
    int index = indexOf(mountId);
    record = known().with(index, change.apply(known().mountIds().get(index)));
  }

  void drop(String mountId) {
    record = known().without(indexOf(mountId));
  }

  /** Puts it last, so that the other mount IDs are tried first. */
  void toTheEnd(String mountId) {
    MountId last = known().mountIds().get(indexOf(mountId));
    List<MountId> all = new ArrayList<>(known().mountIds());
    all.remove(last);
    all.add(last);
    record = known().withMountIds(all);
  }

  /**
   * Sends the refused Unmount again that has waited longest, unless another mount ID comes first.
   */
  void sendAgain() {
    int next = -1;
    for (int i = known().mountIds().size() - 1; i >= 0; i--) {
      MountId mountId = known().mountIds().get(i);
      if (mountId.unmount() == UnmountCall.REFUSED) {
        next = i;
      } else if (!mountId.isInDoubt()) {
        return;
      }
    }
    if (next >= 0) {
      record = known().with(next, known().mountIds().get(next).with(UnmountCall.DUE));
    }
  }

  private int indexOf(String mountId) {
    List<MountId> all = known().mountIds();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).value().equals(mountId)) {
        return i;
      }
    }
    throw new IllegalStateException("the mount ID is not on record");
  }

  /** Keeps where the driver says that it has mounted the volume. */
  void locate(VolumeEvent.Succeeded mounted) {
    VolumeRecord found =
        known().with(known().terms().asMounted(mounted.readOnly(), mounted.hostDirectory()));
    record = mounted.path().isEmpty() ? found : found.with(found.where().at(mounted.path()));
  }

  /** Begins a pause before the next attempt. Each pause is longer than the last. */
  void pause() {
    long span = rules.times().firstRetry() << Math.min(pause.tries(), 20);
    pause = new Pause(now + Math.min(span, rules.times().longestRetry()), pause.tries() + 1, false);
  }

  /** The driver has refused to unmount it. The operator is told once it is clear what follows. */
  void refused(String words) {
    pause();
    record = known().with(new Trouble(now, known().trouble().times(), words));
  }

  /** The module could not unmount it either. It tries that once between two attempts. */
  void forcedInVain(String failure) {
    if (now >= pause.until()) {
      pause();
    }
    pause = new Pause(pause.until(), pause.tries(), false, true);
    later(known().trouble().words() + "; dvdi could not unmount it either: " + failure);
  }

  // Answers to containers.

  void refuse(Wish wish, String words) {
    wishes.remove(wish);
    steps.add(new VolumeStep.Refuse(wish.container(), id + " " + words));
  }

  /** The driver knows the volume by another name, and containers get it under that one. */
  void redirectAll(VolumeId to) {
    if (to.equals(id)) {
      return;
    }
    if (!to.driver().equals(id.driver())) {
      refuseAll("cannot be used: its driver names the mountpoint of " + to);
    }
    for (Wish wish : wishes) {
      steps.add(new VolumeStep.Redirect(wish.container(), to));
      say(Level.INFO, id + " is " + to + ", according to its driver");
    }
    wishes.clear();
  }

  void refuseAll(String words) {
    for (Wish wish : List.copyOf(wishes)) {
      refuse(wish, words);
    }
  }

  void say(Level level, String words) {
    steps.add(new VolumeStep.Say(level, words));
  }

  /** The driver and the volume's name, as they are sent to the driver. */
  VolumeId spelling() {
    if (record != null && !record.mountIds().isEmpty()) {
      return record.mountIds().get(0).spelling();
    }
    return wishes.isEmpty() ? id : wishes.get(0).spelling();
  }
}
