// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.VolumeState.Pause;
import io.dvdi.lifecycle.VolumeStep.Level;
import io.dvdi.volume.ContainerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The life of one volume on this host: an event goes in, the next state and steps come out. */
public final class VolumeLife {

  /**
   * What an event leads to.
   *
   * @param state to be kept for the next event
   * @param steps to be carried out in this order
   */
  public record Outcome(VolumeState state, List<VolumeStep> steps) {}

  private final Rules rules;

  public VolumeLife(Rules rules) {
    this.rules = rules;
  }

  /**
   * Applies an event.
   *
   * @param now in ms of CLOCK_BOOTTIME
   */
  public Outcome apply(VolumeState state, VolumeEvent event, long now) {
    VolumeTurn turn = new VolumeTurn(rules, state, now);
    switch (event) {
      case VolumeEvent.Wanted wanted -> {
        turn.wishes.add(wanted.wish());
        decideIfResting(turn);
      }
      case VolumeEvent.Released released -> {
        release(turn, released.container());
        decideIfResting(turn);
      }
      case VolumeEvent.Woken woken -> decideIfResting(turn);
      case VolumeEvent.Recorded recorded -> recorded(turn);
      case VolumeEvent.NotRecorded refused -> notRecorded(turn, refused.words());
      case VolumeEvent.Answered answered -> {
        turn.evidenceFrom = ((Doing.Asking) turn.doing).since();
        decide(turn, answered.told(), null);
      }
      case VolumeEvent.Looked looked -> {
        Doing.Looking looking = (Doing.Looking) turn.doing;
        turn.evidenceFrom = looking.since();
        decide(turn, looking.told().orElse(null), looked.seen());
      }
      case VolumeEvent.Ended ended -> {
        CallEnds.apply(turn, ended.end());
        decideIfResting(turn);
      }
      case VolumeEvent.Acted acted -> acted(turn, acted.failure());
    }
    return new Outcome(turn.state(), List.copyOf(turn.steps));
  }

  private static void release(VolumeTurn turn, ContainerId container) {
    turn.wishes.removeIf(wish -> wish.container().equals(container));
    if (turn.record != null && turn.record.users().contains(container)) {
      turn.leaving.add(container);
      turn.waiting.add(container);
    } else {
      // It never had the volume, so that its end does not wait for what the driver does.
      turn.steps.add(new VolumeStep.Freed(container));
    }
  }

  private void decideIfResting(VolumeTurn turn) {
    if (turn.doing instanceof Doing.Resting) {
      decide(turn, null, null);
    }
  }

  /**
   * Decides what comes next, from the record, the evidence and the wishes.
   *
   * @param told what the driver has just answered; null if it was not asked
   * @param seen what the kernel has just shown; null if it was not asked
   */
  private void decide(VolumeTurn turn, @Nullable Told told, @Nullable Seen seen) {
    if (turn.disk instanceof VolumeState.Unreadable unreadable) {
      turn.refuseAll(
          "has a record that cannot be read ("
              + unreadable.words()
              + "), so a task may still have it mounted. It is left alone until the next boot. If"
              + " nothing of it is mounted, stop the agent, move the record away, and start the"
              + " agent again");
      turn.rest();
      return;
    }
    leave(turn);
    if (told != null && turn.record != null) {
      learn(turn, told);
    }
    if (seen != null && seen.owner().isPresent()) {
      turn.redirectAll(seen.owner().get());
    }
    boolean held = turn.record != null && !turn.record.users().isEmpty();
    if (!turn.wishes.isEmpty() && new Sharing(turn).acts(told, seen)) {
      return;
    }
    if (held) {
      turn.rest();
      return;
    }
    if (turn.record != null && new LastUnmount(turn).acts(told, seen)) {
      return;
    }
    if (!turn.wishes.isEmpty() && new FirstMount(turn).acts(told, seen)) {
      return;
    }
    if (turn.record == null) {
      turn.rest();
      return;
    }
    Remainder remainder = new Remainder(turn);
    if (seen == null && remainder.isSettled()) {
      turn.look(told);
    } else if (remainder.isPending(seen)) {
      turn.rest();
    } else {
      turn.remove();
    }
  }

  private static void learn(VolumeTurn turn, Told told) {
    VolumeRecord record = turn.known();
    if (told.keepsAccount() && !record.terms().keepsAccount()) {
      record = record.with(record.terms().withAccount(true));
    }
    if (record.where().path().isEmpty() && told.path().isPresent()) {
      record = record.with(record.where().at(told.path().get()));
    }
    turn.record = record;
  }

  private static void leave(VolumeTurn turn) {
    if (turn.record != null && !turn.leaving.isEmpty()) {
      List<ContainerId> users = new ArrayList<>(turn.record.users());
      users.removeAll(turn.leaving);
      turn.record = turn.record.withUsers(users);
    }
    turn.leaving.clear();
  }

  private void recorded(VolumeTurn turn) {
    Doing.Recording recording = (Doing.Recording) turn.doing;
    turn.disk = new VolumeState.Holds(Optional.ofNullable(turn.record));
    switch (recording.next()) {
      case Doing.Act act -> turn.act(act.action(), act.doing());
      case Doing.GiveTo give -> {
        VolumeRecord record = turn.known();
        for (Wish wish : give.wishes()) {
          if (!turn.leaving.contains(wish.container())) {
            turn.steps.add(
                new VolumeStep.Give(
                    wish.container(), record.where().path().orElse(""), record.where().mount()));
          }
        }
        turn.pause = Pause.NONE;
        decide(turn, null, null);
      }
      case Doing.Rest rest -> {
        if (turn.record == null) {
          turn.pause = Pause.NONE;
        }
        if (turn.wishes.isEmpty() && turn.leaving.isEmpty()) {
          turn.rest();
        } else {
          decide(turn, null, null);
        }
      }
    }
  }

  /** What the record would have announced is not done, and containers get nothing. */
  private static void notRecorded(VolumeTurn turn, String words) {
    Doing.Recording recording = (Doing.Recording) turn.doing;
    turn.disk = new VolumeState.Unsure();
    turn.diskRests = true;
    String problem = "its record cannot be written (" + words + ")";
    String remedy = "; is the disk of state_dir full or read-only?";
    if (recording.next() instanceof Doing.GiveTo give) {
      turn.wishes.addAll(0, give.wishes());
      turn.wishes.removeIf(wish -> turn.leaving.contains(wish.container()));
    }
    if (!(recording.next() instanceof Doing.Rest)) {
      turn.record = recording.before().orElse(null);
    }
    turn.refuseAll("cannot be mounted: " + problem + remedy);
    leave(turn);
    turn.later("could not be released: " + problem + remedy);
    turn.rest();
  }

  private void acted(VolumeTurn turn, String failure) {
    switch (turn.doing) {
      case Doing.Chowning chowning -> {
        turn.doing = new Doing.Resting();
        if (!failure.isEmpty()) {
          turn.refuseAll("cannot be given to the task's user (volume_owner): " + failure);
        }
        if (!new Sharing(turn).gives(chowning.seen())) {
          decide(turn, null, null);
        }
      }
      case Doing.Forcing forcing -> {
        if (failure.isEmpty()) {
          turn.unmounted = turn.known().where().mount();
          turn.say(
              Level.WARNING,
              turn.id + ": its driver did not unmount it; the module has unmounted it");
        } else {
          turn.forcedInVain(failure);
        }
        decide(turn, null, null);
      }
      default -> throw new IllegalStateException("no action is under way");
    }
  }
}
