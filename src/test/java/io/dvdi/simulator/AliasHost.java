// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.simulator.Statistics.StepKind;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The host of an {@link AliasLife}: one volume, one driver, a record for each name, and tasks. */
final class AliasHost {
  static final VolumeId[] NAMES = {
    new VolumeId("driver", "v0"), new VolumeId("driver", "V0"), new VolumeId("driver", "v1")
  };

  /** A task that was given the volume has this mount. */
  static final class User {
    final List<VolumeId> names = new ArrayList<>(2);
    @Nullable KernelMount mount;
    boolean running;
    boolean over;
    boolean prepareDue;
    boolean cleanupDue;
    long by;
  }

  final Choices choices;
  final Statistics statistics;
  final @Nullable List<String> trace;
  final Habits habits;
  final Calendar calendar = new Calendar();
  final AliasChecks checks = new AliasChecks(this);
  final Kernel kernel;
  final Driver[] drivers = new Driver[NAMES.length];

  /** It keeps its users by name, and mounts one name over the other at the same path. */
  final boolean stacks;

  final User[] users = new User[16];
  final Disk[] disks = {new Disk(), new Disk(), new Disk()};

  /** What the driver itself calls the volume, if it says so. */
  final Optional<VolumeId> told;

  final boolean faults;
  final boolean kills;
  boolean calm;

  boolean anyFault;

  private @Nullable AliasAgent agent;
  private int agents;
  private final int names;

  AliasHost(Choices choices, Habits habits, Statistics statistics, @Nullable List<String> trace) {
    this.choices = choices;
    this.statistics = statistics;
    this.trace = trace;
    this.habits = habits;
    this.names = 2 + choices.below(2);
    this.told = choices.below(3) == 2 ? Optional.of(NAMES[0]) : Optional.empty();
    this.faults = choices.below(2) == 1;
    this.kills = choices.below(2) == 1;
    this.kernel = new Kernel(choices.below(3) < 2, 1);
    this.stacks = told.isEmpty() && choices.below(4) == 3;
    for (int n = 0; n < drivers.length; n++) {
      drivers[n] = new Driver(habits, kernel, 0);
      drivers[n].exists = true;
    }
    note(habits + " tells " + told + " stacks " + stacks);
  }

  /** What the driver knows of the volume by a name. */
  Driver driver(int name) {
    return drivers[stacks ? name : 0];
  }

  void note(String words) {
    if (trace != null) {
      trace.add(calendar.now + " " + Shrinker.shorten(words));
    }
  }

  RuntimeException broken(String rule) {
    return new Violation(rule + " (a volume with several names)", "at " + calendar.now);
  }

  boolean fault() {
    boolean happens = faults && !calm && choices.oneIn(12);
    anyFault |= happens;
    return happens;
  }

  void run(long until) {
    while (!calendar.isEmpty() && calendar.next() <= until) {
      calendar.advance();
    }
    calendar.now = until;
  }

  // The agent.

  void start() {
    agents++;
    note("agent " + agents + " starts");
    agent = new AliasAgent(this, agents);
    agent.recover();
  }

  /** The agent dies where it is; its tasks go on, and its calls may. */
  void kill() {
    if (agent == null) {
      return;
    }
    note("kill -9");
    anyFault = true;
    statistics.faults[Fault.KILL.ordinal()]++;
    agent.alive = false;
    agent = null;
    for (Disk disk : disks) {
      if (disk.writing) {
        if (choices.below(2) == 1) {
          disk.done(0);
        } else {
          disk.failed();
        }
      }
    }
    for (User user : users) {
      if (user != null && !user.running) {
        user.over = true;
        user.prepareDue = false;
        user.mount = null;
      }
      if (user != null) {
        user.cleanupDue = false;
      }
    }
    calendar.in(
        choices.below(30_000),
        () -> {
          if (agent == null) {
            start();
          }
        });
  }

  boolean crashes(long[] met, StepKind kind) {
    if (!kills || calm || agents > 5 || !choices.oneIn(60)) {
      return false;
    }
    met[kind.ordinal()]++;
    kill();
    return true;
  }

  // Tasks.

  void prepare(int number) {
    if (agent == null || calm) {
      return;
    }
    User user = new User();
    users[number] = user;
    user.names.add(NAMES[choices.below(names)]);
    VolumeId other = NAMES[choices.below(names)];
    if (choices.below(6) == 5 && !user.names.contains(other)) {
      user.names.add(other);
    }
    user.prepareDue = true;
    user.by = calendar.now + World.MOUNT_TIMEOUT;
    agent.tell(number, new ContainerEvent.Prepare(user.by));
    calendar.in(20 + choices.below(choices.below(2) == 0 ? 300 : 15_000), () -> leave(number));
  }

  private void leave(int number) {
    User user = users[number];
    if (user.over || (user.prepareDue && choices.below(4) < 3)) {
      if (!user.over) {
        calendar.in(1_000, () -> leave(number));
      }
      return;
    }
    end(number);
  }

  private void end(int number) {
    User user = users[number];
    note("c" + number + " ends");
    user.over = true;
    user.running = false;
    user.mount = null;
    user.prepareDue = false;
    if (agent != null) {
      user.cleanupDue = true;
      user.by = calendar.now + World.MOUNT_TIMEOUT;
      agent.tell(number, new ContainerEvent.Cleanup(user.by));
    }
  }

  void calm() {
    calm = true;
    note("calm");
    if (agent == null) {
      start();
    }
    for (int i = 0; i < users.length; i++) {
      if (users[i] != null && !users[i].over) {
        end(i);
      }
    }
  }

  /** A request of an agent that reaches the driver. */
  @Nullable String carryOut(int name, boolean mount, String mountId) {
    Driver driver = driver(name);
    KernelMount before = kernel.top(0);
    note("  driver: " + (mount ? "mount " : "unmount ") + mountId);
    String error =
        mount ? driver.mount(mountId, Options.NONE, calendar.now) : driver.unmount(mountId);
    checks.unmounted(before);
    return error;
  }
}
