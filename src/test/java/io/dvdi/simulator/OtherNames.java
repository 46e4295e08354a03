// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeLife;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.lifecycle.Wish;
import io.dvdi.simulator.Statistics.StepKind;
import io.dvdi.volume.VolumeId;
import java.util.Optional;

/** Names by which a driver finds a volume, and which are not its own name for it. */
final class OtherNames {
  private OtherNames() {}

  /** The driver is asked about such a name, and says which volume it is. */
  static void ask(World world, Agent agent, int v, Wish wish) {
    if (!agent.alive) {
      return;
    }
    VolumeLife life = agent.begin(v);
    VolumeState none = VolumeState.none(wish.spelling());
    VolumeLife.Outcome asked = life.apply(none, new VolumeEvent.Wanted(wish), world.now());
    Told told =
        new Told(
            Told.Existence.EXISTS,
            Optional.of(World.VOLUMES[v]),
            Optional.empty(),
            false,
            Optional.empty(),
            "");
    VolumeLife.Outcome answered =
        life.apply(asked.state(), new VolumeEvent.Answered(told), world.now());
    boolean redirected =
        answered.steps().contains(new VolumeStep.Redirect(wish.container(), World.VOLUMES[v]));
    if (!answered.state().isOver() || !redirected) {
      throw world.checks.broken("a volume is known by the name that its driver gives it", v);
    }
    if (agent.crashes(world.statistics.killedBefore, StepKind.REDIRECT)) {
      return;
    }
    agent.tell(
        agent.task(wish.container()),
        new ContainerEvent.Redirected(wish.spelling(), World.VOLUMES[v]));
    boolean unused = agent.crashes(world.statistics.killedAfter, StepKind.REDIRECT);
  }

  /** Whether it is such a name. Nothing is wished for under it by then. */
  static boolean free(Agent agent, Task task, VolumeId name) {
    boolean other = !name.equals(World.VOLUMES[World.number(name)]);
    if (other) {
      agent.tell(task, new ContainerEvent.Freed(name));
    }
    return other;
  }
}
