// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.Wish.Needs;
import io.dvdi.simulator.Habits.Keeps;
import io.dvdi.simulator.Habits.PathNamed;
import io.dvdi.simulator.Habits.Transport;
import io.dvdi.simulator.Request.Operation;
import io.dvdi.volume.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A life that is written down, in two forms, A and B: what the world does, and when. Nothing else
 * happens, and nothing takes longer than it must. The files below {@code src/test/simulator/ends}
 * say what a line may be.
 */
final class ScriptedLife {
  private static final String DRIVER = "driver:";
  private static final String KERNEL = "kernel:";

  private static final String SAME = "same until:";

  private final List<String> moves = new ArrayList<>();
  private final World world;
  private final Outside outside;

  /** Until when the core is to meet the same in both forms, in ms. */
  long same = Long.MAX_VALUE;

  /**
   * Reads it.
   *
   * @param lines of the file
   * @param form A or B
   */
  ScriptedLife(List<String> lines, char form, @Nullable List<String> trace) {
    List<String> driver = List.of();
    boolean uniqueIds = true;
    for (String line : lines) {
      String words = line.strip();
      if (words.isEmpty() || words.startsWith("#")) {
        continue;
      }
      if (words.startsWith("A ") || words.startsWith("B ")) {
        if (words.charAt(0) != form) {
          continue;
        }
        words = words.substring(1).strip();
      }
      if (words.startsWith(DRIVER)) {
        driver = List.of(words.substring(DRIVER.length()).strip().split(", "));
      } else if (words.startsWith(KERNEL)) {
        uniqueIds = !words.contains("reuses mount IDs");
      } else if (words.startsWith(SAME)) {
        same = Long.parseLong(words.substring(SAME.length()).strip());
      } else {
        moves.add(words);
      }
    }
    Setup setup = new Setup(habits(driver), 1, 0, 0, uniqueIds, true);
    this.world = new World(Choices.of(new int[0]), setup, new Statistics(), trace);
    this.outside = new Outside(world);
    world.drivers[0].exists = !driver.contains("lists none");
  }

  private static Habits habits(List<String> words) {
    return new Habits(
        words.contains("keeps mount IDs")
            ? Keeps.IDS
            : words.contains("counts") ? Keeps.COUNT : Keeps.NOTHING,
        words.contains("local") ? Transport.OURSELVES : Transport.SOCKET,
        words.contains("shows them"),
        words.contains("names no path")
            ? PathNamed.NEVER
            : words.contains("names the path when mounted")
                ? PathNamed.WHEN_MOUNTED
                : PathNamed.ALWAYS,
        words.contains("lists none"),
        false,
        false,
        words.contains("has a block device"),
        words.contains("formats"),
        false);
  }

  /**
   * Lives it.
   *
   * @throws Violation if something happened that must not, and that is no accepted end
   */
  Script live() {
    long end = 0;
    world.start();
    for (String move : moves) {
      int space = move.indexOf(' ');
      long moment = Long.parseLong(move.substring(0, space));
      String words = move.substring(space).strip();
      world.calendar.at(moment, () -> happen(words));
      end = Math.max(end, moment);
    }
    outside.rest(end + 1_000);
    return world.script();
  }

  private void happen(String words) {
    world.note(words);
    if (words.startsWith("next ")) {
      String[] parts = words.substring("next ".length()).split(": ");
      Operation operation = Operation.valueOf(constant(parts[0]));
      world.script().fates.put(operation, Fault.valueOf(constant(parts[1])));
      return;
    }
    switch (words) {
      case "a container starts" -> starts(false);
      case "a container starts, and wants it empty" -> starts(true);
      case "the container ends" -> world.tasks.forEach(this::ends);
      case "the agent is killed" -> world.kill(false);
      case "the host boots" -> world.kill(true, false);
      case "the host boots, and the driver mounts again" -> world.kill(true, true);
      case "the agent starts" -> world.start();
      case "the agent starts in another mount namespace" -> {
        world.kernel.namespace++;
        world.moved = true;
        world.start();
      }
      case "the call comes" -> world.unheard.come();
      case "the call will come after its doubt" -> world.unheard.comesLater();
      case "the call never comes" -> world.unheard.goAway();
      case "another client creates it" -> {
        world.drivers[0].create();
        world.drivers[0].createdByOtherAt = world.now();
      }
      case "another client mounts it" -> outside.otherMounts(0);
      case "another client unmounts it" -> outside.otherUnmounts(0);
      case "somebody unmounts it" -> outside.vanish(0);
      case "somebody mounts something else there" -> outside.cover(0);
      case "somebody unmounts that" -> world.kernel.unmount(0, world.kernel.top(0));
      case "a process waits in it" -> world.kernel.top(0).busy = true;
      case "the mount dies" -> world.kernel.top(0).health = Health.DEAD;
      case "the driver restarts" -> world.restartDriver(Fault.DRIVER_RESTARTS);
      case "the record is torn" -> {
        world.disks[0].torn = true;
        world.disks[0].record = null;
      }
      default -> throw new IllegalArgumentException("no move of a scripted life: " + words);
    }
  }

  private static String constant(String words) {
    return words.toUpperCase(Locale.ROOT).replace(' ', '_');
  }

  private void starts(boolean empty) {
    Needs needs = new Needs(false, empty, true, Optional.empty());
    Task task = new Task(world.tasks.size(), new int[] {0}, needs, Options.NONE, false);
    world.tasks.add(task);
    Tasks.prepare(world, task);
  }

  private void ends(Task task) {
    if (task.stage == Task.Stage.RUNNING || task.stage == Task.Stage.PREPARING) {
      Tasks.end(world, task);
    }
  }
}
