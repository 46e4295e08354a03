// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeState.Pause;

/** Applies the end of a driver's call to the mount ID of that call. */
final class CallEnds {
  private CallEnds() {}

  static void apply(VolumeTurn turn, CallEnd end) {
    Doing doing = turn.doing;
    turn.doing = new Doing.Resting();
    switch (doing) {
      case Doing.Creating creating -> created(turn, creating.mountId(), end);
      case Doing.Mounting mounting -> mounted(turn, mounting.mountId(), end);
      case Doing.Unmounting unmounting -> unmounted(turn, unmounting, end);
      default -> throw new IllegalStateException("no call is under way");
    }
  }

  private static void created(VolumeTurn turn, String mountId, CallEnd end) {
    // Mount was not sent yet. Only this agent knows that: the record says that it may have been.
    switch (end) {
      case VolumeEvent.Succeeded created -> {
        if (turn.wishes.isEmpty()) {
          turn.drop(mountId);
        } else {
          turn.mount(mountId);
        }
      }
      case VolumeEvent.Failed failed -> {
        turn.drop(mountId);
        turn.refuseAll("cannot be created: " + failed.words());
      }
      case VolumeEvent.NotSent notSent -> {
        turn.drop(mountId);
        turn.refuseAll("cannot be created: " + notSent.words());
      }
      case VolumeEvent.CutOff cutOff -> turn.refuseAll("cannot be created: " + cutOff.words());
    }
  }

  private static void mounted(VolumeTurn turn, String mountId, CallEnd end) {
    switch (end) {
      case VolumeEvent.Succeeded mounted -> {
        turn.update(mountId, id -> id.with(MountCall.DONE));
        turn.locate(mounted);
      }
      case VolumeEvent.Failed failed -> {
        turn.update(mountId, id -> id.with(MountCall.REFUSED));
        turn.refuseAll("cannot be mounted: " + failed.words());
      }
      case VolumeEvent.NotSent notSent -> {
        turn.drop(mountId);
        turn.refuseAll("cannot be mounted: " + notSent.words());
      }
      case VolumeEvent.CutOff cutOff -> turn.refuseAll("cannot be mounted: " + cutOff.words());
    }
  }

  private static void unmounted(VolumeTurn turn, Doing.Unmounting unmounting, CallEnd end) {
    String mountId = unmounting.mountId();
    switch (end) {
      case VolumeEvent.Succeeded unmounted -> {
        turn.update(mountId, id -> id.with(UnmountCall.DONE));
        turn.unmounted = turn.known().where().mount();
        turn.pause = Pause.NONE;
      }
      case VolumeEvent.Failed failed -> {
        turn.update(mountId, id -> id.with(UnmountCall.REFUSED));
        turn.toTheEnd(mountId);
        turn.refused("could not be unmounted: " + failed.words());
      }
      case VolumeEvent.NotSent notSent -> {
        turn.update(mountId, id -> id.with(unmounting.before()));
        turn.later("could not be unmounted: " + notSent.words());
      }
      case VolumeEvent.CutOff cutOff -> turn.later("may still be mounted: " + cutOff.words());
    }
  }
}
