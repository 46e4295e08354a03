// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeLife;
import io.dvdi.simulator.Request.Operation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes wrong in a scripted life, and what the core made of it. */
final class Script {
  /** How the next call of a kind ends. */
  final Map<Operation, Fault> fates = new EnumMap<>(Operation.class);

  /**
   * What the core met, and what it made of it.
   *
   * @param moment in ms
   * @param words the event, and the steps that came out
   */
  record Turn(long moment, String words) {}

  /** All that the core met. */
  final List<Turn> log = new ArrayList<>();

  /** The first end that was reached, and the rule that was broken; null: none. */
  @Nullable AcceptedEnd end;

  String rule = "";

  /** What the core had done by then. */
  int logged;

  void met(long now, int v, VolumeEvent event, VolumeLife.Outcome outcome) {
    log.add(new Turn(now, "v" + v + " <- " + event + "; -> " + outcome.steps()));
  }

  void reached(AcceptedEnd reached, String broken) {
    if (end == null) {
      end = reached;
      rule = broken;
      logged = log.size();
    }
  }
}
