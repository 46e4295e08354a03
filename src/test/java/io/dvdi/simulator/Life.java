// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Wish.Needs;
import io.dvdi.volume.Options;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The script of one life: which containers come and go, what else happens to their host, and then
 * the calm in which everything has to come to rest.
 */
final class Life {
  private static final Options SMALL = Options.of(Map.of("size", "1"));
  static final Options LARGE = Options.of(Map.of("size", "5"));

  private final World world;
  private final Choices choices;
  private final Outside outside;
  private boolean many;

  Life(Choices choices, Statistics statistics, @Nullable List<String> trace) {
    this.world = new World(choices, Setup.of(choices), statistics, trace);
    this.choices = choices;
    this.outside = new Outside(world);
  }

  /**
   * From the first start of the agent until everything has come to rest.
   *
   * @throws Violation if something happened that must not
   */
  void live() {
    world.mixed = choices.below(3) > 0;
    many = choices.below(40) == 39; // more than there may be mount IDs
    int span = many ? 330_000 : 5_000 + choices.below(40_000);
    int count = many ? 30 : 3 + choices.below(8);
    for (int i = 0; i < count; i++) {
      Task task = task(i);
      world.tasks.add(task);
      world.calendar.at(choices.below(span), () -> prepare(task));
    }
    world.stubborn = many;
    if (world.faultRate > 0) {
      int events = choices.below(6);
      for (int i = 0; i < events; i++) {
        world.calendar.at(choices.below(span), outside::happen);
      }
    }
    if (world.killRate > 0) {
      int kills = choices.below(4);
      for (int i = 0; i < kills; i++) {
        boolean boot = choices.below(5) == 4;
        world.calendar.at(
            choices.below(span),
            () -> {
              if (world.agent != null) {
                world.kill(boot);
              }
            });
      }
    }
    world.start();
    outside.rest(span + 2 * World.MOUNT_TIMEOUT);
    world.statistics.lives++;
  }

  private Task task(int number) {
    int[] volumes =
        many
            ? new int[] {0}
            : world.volumes == 1 || choices.below(2) == 0
                ? new int[] {choices.below(world.volumes)}
                : choices.below(2) == 0 ? new int[] {0, 1} : new int[] {1, 0};
    Needs needs = new Needs(false, false, true, Optional.empty());
    Options options = Options.NONE;
    if (world.mixed) {
      needs =
          new Needs(
              choices.below(5) == 4,
              choices.below(4) == 3,
              choices.below(3) < 2,
              choices.below(4) == 3 ? Optional.of("nobody") : Optional.empty());
      options = new Options[] {Options.NONE, Options.NONE, SMALL, LARGE}[choices.below(4)];
      if (world.habits.own()) {
        needs =
            new Needs(
                needs.mustExist(), OwnMounts.isFresh(options), needs.writable(), needs.owner());
      }
    }
    return new Task(number, volumes, needs, options, world.mixed && choices.below(4) == 3);
  }

  private void prepare(Task task) {
    if (world.agent == null) {
      return;
    }
    Tasks.prepare(world, task);
    if (!world.calm && world.faultRate > 0 && choices.below(8) == 7) {
      world.calendar.in(choices.below(2_000), () -> cancel(task));
    } else {
      world.calendar.in(50 + choices.below(many ? 300 : 15_000), () -> leave(task));
    }
  }

  private void cancel(Task task) {
    if (task.stage == Task.Stage.PREPARING && world.agent != null) {
      world.met(Fault.PREPARE_CANCELLED, "");
      Tasks.end(world, task);
    }
  }

  /** It ends by itself, or is ended. */
  private void leave(Task task) {
    if (task.stage == Task.Stage.RUNNING && world.agent == null) {
      world.met(Fault.TASK_DIES_WHILE_AGENT_IS_DOWN, "");
    }
    if (task.stage == Task.Stage.RUNNING) {
      Tasks.end(world, task);
    } else if (task.stage == Task.Stage.PREPARING) {
      world.calendar.in(1_000, () -> leave(task));
    }
  }
}
