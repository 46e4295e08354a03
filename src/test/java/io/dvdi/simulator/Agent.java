// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.ContainerLife;
import io.dvdi.lifecycle.ContainerState;
import io.dvdi.lifecycle.ContainerStep;
import io.dvdi.lifecycle.Doing;
import io.dvdi.lifecycle.Rules;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeLife;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.lifecycle.Wish;
import io.dvdi.simulator.Statistics.StepKind;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One life of the agent: the shell around the core. It keeps the states, applies the events of one
 * volume one at a time, and has the steps carried out in their order.
 */
final class Agent {
  /** The operator changes them while no agent runs. Tasks give a size, or nothing. */
  private static final Options[] DEFAULTS = {
    Options.of(Map.of("iops", "100")), Options.NONE, Options.of(Map.of("iops", "200", "size", "1"))
  };

  private final World world;
  final int life;

  private final Options defaults;

  boolean alive = true;
  final @Nullable VolumeLife[] lives;
  final @Nullable VolumeState[] volumes;
  final ContainerState[] containers = new ContainerState[Task.IDS.length];
  private final Actions actions;
  private final int[] volumeAlarms;
  private final int[] containerAlarms = new int[Task.IDS.length];

  Agent(World world, int life) {
    this.world = world;
    this.life = life;
    this.defaults = world.mixed ? DEFAULTS[life % DEFAULTS.length] : Options.NONE;
    this.actions = new Actions(world, this);
    this.lives = new VolumeLife[world.volumes];
    this.volumes = new VolumeState[world.volumes];
    this.volumeAlarms = new int[world.volumes];
  }

  /** No two states of a volume share a prefix of mount IDs: a state that is over is forgotten. */
  VolumeLife begin(int v) {
    String prefix = "v" + v + "n" + world.prefixes++ + "-";
    return new VolumeLife(
        new Rules(
            prefix,
            new Rules.Times(World.DOUBT, World.FIRST_RETRY, World.LONGEST_RETRY),
            world.habits.plain() && !world.habits.own(),
            world.habits.own(),
            ""));
  }

  /** Takes up what an earlier agent left. */
  void recover() {
    Set<ContainerId> running = new HashSet<>();
    for (Task task : world.tasks) {
      if (task.stage == Task.Stage.RUNNING) {
        running.add(task.id);
      }
    }
    for (int v = 0; v < world.volumes; v++) {
      Disk disk = world.disks[v];
      lives[v] = begin(v);
      if (disk.torn) {
        volumes[v] = VolumeState.unreadable(World.VOLUMES[v], "unexpected end of file");
      } else if (disk.record != null) {
        volumes[v] =
            disk.boot == world.boots
                ? VolumeState.recovered(disk.record, running)
                : VolumeState.recoveredAfterBoot(disk.record);
      }
    }
    for (Task task : world.tasks) {
      if (task.stage == Task.Stage.RUNNING) {
        task.recovered = true;
        List<VolumeId> held = new ArrayList<>(2);
        for (int v = 0; v < world.volumes; v++) {
          VolumeRecord record = world.disks[v].record;
          if (record != null && record.users().contains(task.id)) {
            held.add(World.VOLUMES[v]);
          }
        }
        containers[task.number] = ContainerState.holding(held);
      }
    }
    for (int v = 0; v < world.volumes && alive; v++) {
      if (volumes[v] != null) {
        volume(v, new VolumeEvent.Woken());
      }
    }
  }

  void volume(int v, VolumeEvent event) {
    if (!alive) {
      return;
    }
    VolumeState state = volumes[v];
    if (state == null) {
      state = VolumeState.none(World.VOLUMES[v]);
      lives[v] = begin(v);
    }
    if (world.trace != null) {
      world.note("v" + v + " <- " + event);
    }
    VolumeLife.Outcome outcome = lives[v].apply(state, event, world.now());
    if (world.statistics.table != null) {
      world.statistics.table.met(state, event, outcome);
    }
    if (world.script != null) {
      world.script.met(world.now(), v, event, outcome);
    }
    volumes[v] = outcome.state().isOver() ? null : outcome.state();
    if (outcome.state().doing() instanceof Doing.Resting) {
      world.taskChecks.resting(v, outcome);
    }
    for (VolumeStep step : outcome.steps()) {
      StepKind kind = Actions.kind(step);
      if (world.trace != null) {
        world.note("v" + v + " -> " + step);
      }
      if (crashes(world.statistics.killedBefore, kind)) {
        return;
      }
      perform(v, step);
      if (crashes(world.statistics.killedAfter, kind)) {
        return;
      }
    }
    world.checks.check();
  }

  boolean crashes(long[] met, StepKind kind) {
    if (!alive) {
      return true;
    }
    if (world.calm || world.killRate == 0 || world.kills > 6) {
      return false;
    }
    int rate = switch (kind) { // what is rare is killed more often
          case FORCE -> 2;
          case CREATE, CHOWN, DELAY, REDIRECT -> Math.max(2, world.killRate / 4);
          default -> world.killRate;
        };
    if (!world.choices.oneIn(rate)) {
      return false;
    }
    met[kind.ordinal()]++;
    world.kill(world.choices.below(6) == 5);
    return true;
  }

  private void perform(int v, VolumeStep step) {
    switch (step) {
      case VolumeStep.Action action -> actions.act(v, action);
      case VolumeStep.Give give -> {
        Task task = task(give.container());
        world.taskChecks.giving(v, task, give);
        world.retryChecks.forget(v);
        tell(task, new ContainerEvent.Given(World.VOLUMES[v], give.path(), give.mount()));
      }
      case VolumeStep.Refuse refuse -> {
        Task task = task(refuse.container());
        world.taskChecks.refusing(v, task, refuse.words());
        tell(task, new ContainerEvent.Refused(World.VOLUMES[v], refuse.words()));
      }
      case VolumeStep.Redirect redirect -> throw world.checks.broken("a volume stays itself", v);
      case VolumeStep.Delay delay ->
          tell(
              task(delay.container()), new ContainerEvent.Delayed(World.VOLUMES[v], delay.words()));
      case VolumeStep.Freed freed ->
          tell(task(freed.container()), new ContainerEvent.Freed(World.VOLUMES[v]));
      case VolumeStep.WakeAt wake -> {
        int alarm = ++volumeAlarms[v];
        world.calendar.at(
            wake.moment(),
            () -> {
              if (alive && volumeAlarms[v] == alarm) {
                volume(v, new VolumeEvent.Woken());
              }
            });
      }
      case VolumeStep.Say say -> {}
    }
  }

  Task task(ContainerId id) {
    return world.tasks.get(Integer.parseInt(id.value(), 1, id.value().length(), 10));
  }

  /** Events of containers come after the turn of the volume, in their order. */
  void tell(Task task, ContainerEvent event) {
    world.calendar.in(0, () -> container(task, event));
  }

  void container(Task task, ContainerEvent event) {
    if (!alive) {
      return;
    }
    ContainerState state = containers[task.number];
    if (state == null) {
      state = ContainerState.unknown();
    }
    if (world.trace != null) {
      world.note(task.id + " <- " + event);
    }
    ContainerLife.Outcome outcome = ContainerLife.apply(state, event, world.now());
    containers[task.number] = outcome.state();
    for (ContainerStep step : outcome.steps()) {
      StepKind kind = Actions.kind(step);
      if (world.trace != null) {
        world.note(task.id + " -> " + step);
      }
      if (crashes(world.statistics.killedBefore, kind)) {
        return;
      }
      perform(task, step);
      if (crashes(world.statistics.killedAfter, kind)) {
        return;
      }
    }
    world.checks.check();
  }

  private void perform(Task task, ContainerStep step) {
    switch (step) {
      case ContainerStep.Inquire inquire -> Inquiries.inquire(world, this, task, inquire.inquiry());
      case ContainerStep.Want want -> {
        int v = World.number(want.volume());
        VolumeId written = task.capitals ? World.SPELLINGS[v] : World.VOLUMES[v];
        task.wished = task.options.withDefaults("options", defaults);
        Wish wish = new Wish(task.id, written, "service", task.wished, task.needs, want.deadline());
        if (want.volume().equals(World.VOLUMES[v])) {
          task.wishedAt[v] = world.now();
          world.calendar.in(0, () -> volume(v, new VolumeEvent.Wanted(wish)));
        } else {
          world.calendar.in(world.choices.below(40), () -> OtherNames.ask(world, this, v, wish));
        }
      }
      case ContainerStep.Release release -> {
        int v = World.number(release.volume());
        if (OtherNames.free(this, task, release.volume())) {
          return;
        }
        task.has[v] = false;
        world.taskChecks.releasing(v, task);
        world.calendar.in(0, () -> volume(v, new VolumeEvent.Released(task.id)));
      }
      case ContainerStep.Launch launch -> world.taskChecks.launching(task, launch.parts());
      case ContainerStep.Fail fail -> world.taskChecks.failing(task, fail.words());
      case ContainerStep.CleanedUp cleanedUp -> world.taskChecks.cleanedUp(task);
      case ContainerStep.WakeAt wake -> {
        int alarm = ++containerAlarms[task.number];
        world.calendar.at(
            wake.moment(),
            () -> {
              if (containerAlarms[task.number] == alarm) {
                container(task, new ContainerEvent.Woken());
              }
            });
      }
    }
  }
}
