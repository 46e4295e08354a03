// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Doing;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeLife;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which steps came out of the core, in which state and upon which event: the table in
 * ARCHITECTURE.md.
 */
final class LifeTable {
  /** The states, in the order of a life. */
  private enum State {
    NOTHING("at rest, no record", "nothing"),
    ASKING("asks the driver", "as before"),
    LOOKING("asks the kernel", "as before"),
    ANNOUNCING("a call is announced", "as before, or the announcement"),
    CREATING("waits for Create", "mount ID: Mount sent"),
    MOUNTING("waits for Mount", "mount ID: Mount sent"),
    CHOWNING("waits for chown(2)", "mount ID: Mount sent"),
    GIVING("writes the holders", "as before, or with them; proved"),
    HELD("at rest, held", "holders; mount ID: proved"),
    FREE("at rest, mounted, not held", "mount ID: done or proved"),
    DUE("at rest, to be unmounted", "mount ID: Unmount due"),
    IN_DOUBT("at rest, in doubt", "mount ID: sent"),
    UNMOUNTING("waits for Unmount", "mount ID: Unmount sent"),
    REFUSED("at rest, Unmount refused", "mount ID: Unmount refused"),
    FORCING("waits for umount2(2)", "mount ID: Unmount refused"),
    SETTLED("at rest, settled, still mounted", "no mount ID; the mount is still there"),
    RECORDING("writes a result", "as before, or the result"),
    UNREADABLE("at rest, unreadable", "a file that is not a record");

    final String words;
    final String onDisk;

    State(String words, String onDisk) {
      this.words = words;
      this.onDisk = onDisk;
    }

    static State of(VolumeState state) {
      return switch (state.doing()) {
        case Doing.Resting resting -> ofResting(state);
        case Doing.Asking asking -> ASKING;
        case Doing.Looking looking -> LOOKING;
        case Doing.Creating creating -> CREATING;
        case Doing.Mounting mounting -> MOUNTING;
        case Doing.Chowning chowning -> CHOWNING;
        case Doing.Unmounting unmounting -> UNMOUNTING;
        case Doing.Forcing forcing -> FORCING;
        case Doing.Recording recording ->
            switch (recording.next()) {
              case Doing.Act act -> ANNOUNCING;
              case Doing.GiveTo give -> GIVING;
              case Doing.Rest rest -> RECORDING;
            };
      };
    }

    private static State ofResting(VolumeState state) {
      if (state.disk() instanceof VolumeState.Unreadable) {
        return UNREADABLE;
      }
      if (state.record().isEmpty()) {
        return NOTHING;
      }
      VolumeRecord record = state.record().get();
      if (!record.users().isEmpty()) {
        return HELD;
      }
      List<MountId> mountIds = record.mountIds();
      if (mountIds.isEmpty()) {
        return SETTLED;
      }
      if (mountIds.stream().anyMatch(MountId::isInDoubt)) {
        return IN_DOUBT;
      }
      if (mountIds.stream().anyMatch(id -> id.unmount() == UnmountCall.REFUSED)) {
        return REFUSED;
      }
      boolean mounted =
          mountIds.stream()
              .anyMatch(
                  id ->
                      id.unmount() == UnmountCall.NONE
                          && id.mount() != MountId.MountCall.EARLIER_BOOT
                          && id.mount() != MountId.MountCall.REFUSED);
      return mounted ? FREE : DUE;
    }
  }

  private static final String NOTHING = "–";

  /** What a container is told. */
  private static final List<String> ANSWERS = List.of("Give", "Refuse", "Delay", "Freed");

  private record Cell(State state, int order, String event) implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      int byState = state.compareTo(other.state);
      int byOrder = byState != 0 ? byState : Integer.compare(order, other.order);
      return byOrder != 0 ? byOrder : event.compareTo(other.event);
    }
  }

  private static final List<String> EVENTS =
      List.of(
          "Wanted",
          "Released",
          "Woken",
          "Answered",
          "Looked",
          "Recorded",
          "NotRecorded",
          "Succeeded",
          "Failed",
          "NotSent",
          "CutOff",
          "Acted");

  private final Map<Cell, TreeSet<String>> actions = new TreeMap<>();
  private final Map<Cell, TreeSet<String>> answers = new TreeMap<>();

  void met(VolumeState state, VolumeEvent event, VolumeLife.Outcome outcome) {
    String name =
        event instanceof VolumeEvent.Ended ended
            ? ended.end().getClass().getSimpleName()
            : event.getClass().getSimpleName();
    Cell cell = new Cell(State.of(state), EVENTS.indexOf(name), name);
    String action = NOTHING;
    for (VolumeStep step : outcome.steps()) {
      String kind = step.getClass().getSimpleName();
      if (step instanceof VolumeStep.Action) {
        action = kind + purpose(step, outcome.state());
      } else if (ANSWERS.contains(kind)) {
        answers.computeIfAbsent(cell, none -> new TreeSet<>()).add(kind);
      }
    }
    actions.computeIfAbsent(cell, none -> new TreeSet<>()).add(action);
  }

  /** What a record is written for. */
  private static String purpose(VolumeStep step, VolumeState next) {
    if (!(step instanceof VolumeStep.Write) || !(next.doing() instanceof Doing.Recording doing)) {
      return "";
    }
    return switch (doing.next()) {
      case Doing.Act act -> " (" + act.action().getClass().getSimpleName() + ")";
      case Doing.GiveTo give -> " (holders)";
      case Doing.Rest rest -> "";
    };
  }

  /** What comes out in so many lives, from a seed. */
  static LifeTable of(long seed, long lives) {
    Statistics statistics = new Statistics();
    statistics.table = new LifeTable();
    for (long life = 0; life < lives; life++) {
      new Life(Lives.choices(seed, life), statistics, null).live();
    }
    return statistics.table;
  }

  /** In Markdown, without the events that are only kept. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("| state | on disk | event | next action, one of | containers are told |");
    lines.add("|---|---|---|---|---|");
    State last = null;
    for (Map.Entry<Cell, TreeSet<String>> entry : actions.entrySet()) {
      Cell cell = entry.getKey();
      String told = String.join(", ", answers.getOrDefault(cell, new TreeSet<>()));
      String next = String.join(", ", entry.getValue());
      if (next.equals(NOTHING) && told.isEmpty()) {
        continue;
      }
      String state =
          cell.state() == last ? " | " : cell.state().words + " | " + cell.state().onDisk;
      lines.add(
          "| %s | %s | %s | %s |".formatted(state, cell.event(), next, told).replace("  ", " "));
      last = cell.state();
    }
    return lines;
  }
}
