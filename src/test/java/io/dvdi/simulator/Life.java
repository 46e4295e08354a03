// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.Seen.Health;
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
  private static final Options LARGE = Options.of(Map.of("size", "5"));
  private static final int CALM = 6 * (int) World.DOUBT;

  private final World world;
  private final Choices choices;
  private boolean mixed;
  private boolean many;

  Life(Choices choices, Statistics statistics, @Nullable List<String> trace) {
    this.world = new World(choices, statistics, trace);
    this.choices = choices;
    world.script = this;
  }

  /** Containers differ in what they need, so that not all of them can be served. */
  boolean mixed() {
    return mixed;
  }

  /**
   * From the first start of the agent until everything has come to rest.
   *
   * @throws Violation if something happened that must not
   */
  void live() {
    mixed = choices.below(3) > 0;
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
      int outside = choices.below(6);
      for (int i = 0; i < outside; i++) {
        world.calendar.at(choices.below(span), this::happen);
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
    long end = span + 2 * World.MOUNT_TIMEOUT;
    run(end);
    calm();
    run(end + CALM);
    world.checks.rest();
    world.statistics.lives++;
  }

  private void run(long until) {
    Calendar calendar = world.calendar;
    while (!calendar.isEmpty() && calendar.next() <= until) {
      calendar.advance();
    }
    calendar.now = until;
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
    if (mixed) {
      needs =
          new Needs(
              choices.below(5) == 4,
              choices.below(4) == 3,
              choices.below(3) < 2,
              choices.below(4) == 3 ? Optional.of("nobody") : Optional.empty());
      options = new Options[] {Options.NONE, Options.NONE, SMALL, LARGE}[choices.below(4)];
    }
    return new Task(number, volumes, needs, options, mixed && choices.below(4) == 3);
  }

  private void prepare(Task task) {
    Agent agent = world.agent;
    if (agent == null) {
      return; // nobody launches anything
    }
    task.stage = Task.Stage.PREPARING;
    task.prepareDue = true;
    task.prepareBy = world.now() + World.MOUNT_TIMEOUT;
    agent.tell(task, new ContainerEvent.Prepare(task.prepareBy));
    if (!world.calm && world.faultRate > 0 && choices.below(8) == 7) {
      world.calendar.in(choices.below(2_000), () -> cancel(task));
    } else {
      world.calendar.in(50 + choices.below(many ? 300 : 15_000), () -> leave(task));
    }
  }

  private void cancel(Task task) {
    if (task.stage == Task.Stage.PREPARING && world.agent != null) {
      world.met(Fault.PREPARE_CANCELLED, "");
      cleanup(task);
    }
  }

  /** It ends by itself, or is ended. */
  private void leave(Task task) {
    if (task.stage == Task.Stage.RUNNING && world.agent == null) {
      world.met(Fault.TASK_DIES_WHILE_AGENT_IS_DOWN, "");
      task.stage = Task.Stage.OVER;
      task.letGo();
    } else if (task.stage == Task.Stage.RUNNING) {
      cleanup(task);
    } else if (task.stage == Task.Stage.PREPARING) {
      world.calendar.in(1_000, () -> leave(task));
    }
  }

  private void cleanup(Task task) {
    task.stage = Task.Stage.OVER;
    task.letGo();
    task.cleanupDue = true;
    task.cleanupBy = world.now() + World.MOUNT_TIMEOUT;
    world.agent.tell(task, new ContainerEvent.Cleanup(task.cleanupBy));
  }

  /** Something happens outside of the agent. */
  private void happen() {
    int v = choices.below(world.volumes);
    Driver driver = world.drivers[v];
    Truth truth = world.truths[v];
    KernelMount mount = world.kernel.of(v);
    switch (choices.below(9)) {
      case 0, 1 -> otherClient(v, driver, truth);
      case 2 ->
          world.restartDriver(
              new Fault[] {
                    Fault.DRIVER_RESTARTS, Fault.DRIVER_LEAVES_DEAD_MOUNT, Fault.DRIVER_MOUNTS_AGAIN
                  }
                  [choices.below(3)]);
      case 3 -> {
        if (mount != null) {
          world.met(Fault.MOUNT_VANISHES, "v" + v);
          world.kernel.unmount(v, mount);
          truth.outsider = true;
        }
      }
      case 4 -> {
        if (mount != null) {
          world.met(Fault.MOUNT_DIES, "v" + v);
          mount.health = Health.DEAD;
        }
      }
      case 5 -> {
        if (mount != null && mount.health == Health.ANSWERS) {
          world.met(Fault.MOUNT_SILENT, "v" + v);
          mount.health = Health.SILENT;
          world.calendar.in(
              choices.below(20_000),
              () -> {
                if (mount.health == Health.SILENT) {
                  mount.health = Health.ANSWERS;
                }
              });
        }
      }
      case 6 -> {
        world.met(Fault.MOUNT_COVERED, "v" + v);
        KernelMount cover = world.kernel.mount(v, true, "", "/v/" + v, false, world.now());
        world.calendar.in(choices.below(20_000), () -> world.kernel.unmount(v, cover));
      }
      default -> {
        if (world.calls.isHanging()) {
          world.restartDriver(Fault.DRIVER_RESTARTS);
        }
      }
    }
  }

  private void otherClient(int v, Driver driver, Truth truth) {
    if (driver.otherHas) {
      return;
    }
    if (!driver.exists) {
      world.met(Fault.OTHER_CLIENT_CREATES, "v" + v);
      driver.create();
      driver.createdByOtherAt = world.now();
    }
    if (driver.mount(Driver.OTHER, world.now()) != null) {
      return;
    }
    world.met(Fault.OTHER_CLIENT_MOUNTS, "v" + v);
    driver.otherHas = true;
    driver.otherMount = world.kernel.of(v);
    truth.others = true;
    int boot = world.boots;
    world.calendar.in(
        choices.below(40_000),
        () -> {
          if (driver.otherHas && world.boots == boot) {
            world.met(Fault.OTHER_CLIENT_UNMOUNTS, "v" + v);
            driver.otherHas = false;
            driver.unmount(Driver.OTHER);
          }
        });
  }

  private void calm() {
    world.calm = true;
    world.note("calm");
    if (world.agent == null) {
      world.start();
    }
    for (int v = 0; v < world.volumes; v++) {
      for (KernelMount mount : List.copyOf(world.kernel.stack(v))) {
        if (mount.volume < 0) {
          world.kernel.unmount(v, mount);
        } else if (mount.health == Health.SILENT) {
          mount.health = Health.ANSWERS;
        }
      }
    }
    for (Task task : world.tasks) {
      if (task.stage == Task.Stage.RUNNING) {
        cleanup(task);
      }
    }
    if (world.calls.isHanging()) {
      world.restartDriver(Fault.DRIVER_RESTARTS);
    }
  }
}
