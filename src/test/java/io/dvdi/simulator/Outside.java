// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.volume.Options;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happens outside of the agent: to its drivers, to mounts and to their storage. */
final class Outside {
  private static final int CALM = 6 * (int) World.DOUBT;

  private final World world;
  private final Choices choices;

  Outside(World world) {
    this.world = world;
    this.choices = world.choices;
  }

  /** Something happens outside of the agent. */
  void happen() {
    int v = choices.below(world.volumes);
    KernelMount mount = world.kernel.of(v);
    switch (choices.below(10)) {
      case 0, 1 -> {
        if (world.habits.own()) {
          use(v, mount);
        } else {
          visit(v);
        }
      }
      case 2 ->
          world.restartDriver(
              new Fault[] {
                    Fault.DRIVER_RESTARTS, Fault.DRIVER_LEAVES_DEAD_MOUNT, Fault.DRIVER_MOUNTS_AGAIN
                  }
                  [choices.below(3)]);
      case 3 -> vanish(v);
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
                if (mount.health == Health.SILENT && !mount.lost) {
                  mount.health = Health.ANSWERS;
                }
              });
        }
      }
      case 6 -> {
        KernelMount cover = cover(v);
        if (choices.below(3) == 2) {
          cover.refusal = Optional.of("it is a kernel file system");
        }
        world.calendar.in(choices.below(20_000), () -> world.kernel.unmount(v, cover));
      }
      default -> {
        if (world.calls.isHanging()) {
          world.restartDriver(Fault.DRIVER_RESTARTS);
        }
      }
    }
  }

  /** Another client has it for a while. */
  private void visit(int v) {
    Driver driver = world.drivers[v];
    if (driver.otherHas) {
      return;
    }
    otherMounts(v);
    int boot = world.boots;
    if (driver.otherHas) {
      world.calendar.in(
          choices.below(40_000),
          () -> {
            if (driver.otherHas && world.boots == boot) {
              otherUnmounts(v);
            }
          });
    }
  }

  /** A process of the host sits in the mount, or waits for storage that never comes back. */
  private void use(int v, @Nullable KernelMount mount) {
    if (mount == null) {
      return;
    }
    if (choices.below(2) == 0) {
      world.met(Fault.MOUNT_BUSY, "v" + v);
      mount.busy = true;
      world.calendar.in(choices.below(60_000), () -> mount.busy &= mount.health != Health.ANSWERS);
    } else {
      world.met(Fault.STORAGE_LOST, "v" + v);
      mount.busy = choices.below(2) == 1;
      mount.lost = true;
      mount.health = Health.SILENT;
    }
  }

  /** Another client wants the volume, and has it, unless the driver refuses. */
  void otherMounts(int v) {
    Driver driver = world.drivers[v];
    if (driver.otherHas) {
      return;
    }
    if (!driver.exists) {
      world.met(Fault.OTHER_CLIENT_CREATES, "v" + v);
      driver.create();
      driver.createdByOtherAt = world.now();
    }
    Truth truth = world.truths[v];
    truth.lied |= driver.count < 0; // it counts this client, and mounts nothing
    if (driver.mount(Driver.OTHER, Options.NONE, world.now()) != null) {
      return;
    }
    world.met(Fault.OTHER_CLIENT_MOUNTS, "v" + v);
    driver.otherHas = true;
    driver.otherMount = world.kernel.of(v);
    truth.others = true;
  }

  void otherUnmounts(int v) {
    world.met(Fault.OTHER_CLIENT_UNMOUNTS, "v" + v);
    world.drivers[v].otherHas = false;
    world.drivers[v].unmount(Driver.OTHER);
  }

  /** An operator unmounts it by hand. */
  void vanish(int v) {
    KernelMount mount = world.kernel.of(v);
    if (mount != null) {
      world.met(Fault.MOUNT_VANISHES, "v" + v);
      world.kernel.unmount(v, mount);
      world.truths[v].outsider = true;
    }
  }

  /** Somebody mounts something else at the path. */
  KernelMount cover(int v) {
    world.met(Fault.MOUNT_COVERED, "v" + v);
    return world.kernel.mount(v, true, "", "/v/" + v, false, world.now());
  }

  /** Nothing happens any more after that moment, and everything comes to rest. */
  void rest(long end) {
    run(end);
    calm();
    run(end + CALM);
    world.checks.rest();
  }

  private void run(long until) {
    Calendar calendar = world.calendar;
    while (!calendar.isEmpty() && calendar.next() <= until) {
      calendar.advance();
    }
    calendar.now = until;
  }

  /** What was in the way goes away; what is lost stays lost. */
  private void calm() {
    world.calm = true;
    world.note("calm");
    if (world.calls.isHanging()) {
      world.restartDriver(Fault.DRIVER_RESTARTS);
    }
    if (world.agent == null) {
      world.startWhenFree();
    }
    for (Task task : world.tasks) {
      if (task.stage == Task.Stage.RUNNING) {
        Tasks.end(world, task);
      }
    }
    for (int v = 0; v < world.volumes; v++) {
      for (KernelMount mount : List.copyOf(world.kernel.stack(v))) {
        if (mount.volume < 0) {
          world.kernel.unmount(v, mount);
        } else if (mount.health == Health.SILENT && !mount.lost) {
          mount.health = Health.ANSWERS;
        }
        mount.busy &= mount.health != Health.ANSWERS; // who waits for its storage waits for ever
      }
    }
  }
}
