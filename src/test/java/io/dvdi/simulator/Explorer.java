// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Doing;
import io.dvdi.simulator.SmallWorld.End;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Visits every state of a small world, the nearest first. */
final class Explorer {
  private final ArrayDeque<SmallWorld> frontier = new ArrayDeque<>();
  private final SmallMoves moves = new SmallMoves(this);
  private final StateTable table = new StateTable();
  private int current;

  /**
   * The first move of a state is the one that a fair world makes when nothing goes wrong any more.
   */
  private boolean first;

  final Map<AcceptedEnd, Integer> ends = new EnumMap<>(AcceptedEnd.class);
  final Map<String, List<String>> violations = new TreeMap<>();
  private final List<Integer> resting = new ArrayList<>();

  int explore(ExploreReport.Small small) {
    SmallWorld start = new SmallWorld(small);
    add(start, "start", -1);
    for (current = 0; !frontier.isEmpty(); current++) {
      SmallWorld world = frontier.poll();
      if (world.end != null) {
        table.rests(current);
        continue;
      }
      first = true;
      if (SmallChecks.isAtRest(world) && !mayGoOn(world)) {
        table.rests(current);
        first = false;
      } else if (SmallChecks.stuck(world) != null) {
        table.mayStay(current);
      }
      moves.all(world);
    }
    restless();
    return table.size();
  }

  /** Something is still written or decided although nobody waits. */
  private static boolean mayGoOn(SmallWorld world) {
    return !(world.core.doing() instanceof Doing.Resting);
  }

  private void add(SmallWorld world, String move, int from) {
    if (world.end == null) {
      SmallChecks.check(world);
    }
    int index = table.add(new Fingerprint(world), world.end == null ? 0 : 1, from, move);
    if (from >= 0 && first) {
      table.fair(from, index < 0 ? -1 - index : index);
      first = false;
    }
    if (index < 0) {
      return;
    }
    frontier.add(world);
    End end = world.end;
    if (end != null && end.accepted() != null) {
      ends.merge(end.accepted(), 1, Integer::sum);
    } else if (end != null) {
      violations.putIfAbsent(end.rule(), table.trace(index));
    }
  }

  void add(SmallWorld world, String move) {
    add(world, move, current);
  }

  /** What a fair world does not do by itself. */
  void addAside(SmallWorld world, String move) {
    boolean fair = first;
    first = false;
    add(world, move, current);
    first = fair;
  }

  /** From every state, once nothing goes wrong any more, a fair world comes to rest. */
  private void restless() {
    for (int state : table.restless()) {
      violations.putIfAbsent("it never comes to rest", table.trace(state));
    }
    int stay = table.staying();
    if (stay > 0) {
      ends.merge(AcceptedEnd.MOUNT_FORGOTTEN, stay, Integer::sum);
    }
  }
}
