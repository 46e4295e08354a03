// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A host: its clock, kernel, disk and drivers, its tasks, and the agent, which may be down. */
final class World {
  static final long MOUNT_TIMEOUT = 10_000;
  static final long DOUBT = 2 * MOUNT_TIMEOUT;
  static final long FIRST_RETRY = 1_000;
  static final long LONGEST_RETRY = 8_000;
  static final VolumeId[] VOLUMES = {new VolumeId("driver", "v0"), new VolumeId("driver", "v1")};

  /** The same volumes, as other tasks write them. */
  static final VolumeId[] SPELLINGS = {new VolumeId("driver", "V0"), new VolumeId("driver", "V1")};

  final Choices choices;
  final Statistics statistics;
  final @Nullable List<String> trace;
  final Calendar calendar = new Calendar();
  final Habits habits;
  final int volumes;
  final Kernel kernel;
  final Driver[] drivers;
  final Disk[] disks;
  final Truth[] truths;
  final Calls calls;
  final Unheard unheard;
  final Checks checks;
  final CallChecks callChecks;
  final RetryChecks retryChecks = new RetryChecks(this);
  final TaskChecks taskChecks;
  final List<Task> tasks = new ArrayList<>();

  /** A fault happens once in so many times; 0: never. */
  final int faultRate;

  /** The agent is killed once in so many steps; 0: never. */
  final int killRate;

  @Nullable Agent agent;
  int agents;
  int boots;
  int prefixes;
  int kills;

  /** No more faults: what is left has to come to rest. */
  boolean calm;

  boolean anyFault;

  /** The driver refuses every Unmount until the calm. */
  boolean stubborn;

  /** An agent has started in another mount namespace than the one before. */
  boolean moved;

  /** What was written down, and what the core made of it; null in a life from a seed. */
  final @Nullable Script script;

  /** Containers differ in what they need, so that not all of them can be served. */
  boolean mixed;

  /** Of a volume, by either name. */
  static int number(VolumeId volume) {
    return volume.equals(VOLUMES[0]) || volume.equals(SPELLINGS[0]) ? 0 : 1;
  }

  World(Choices choices, Setup setup, Statistics statistics, @Nullable List<String> trace) {
    this.choices = choices;
    this.statistics = statistics;
    this.trace = trace;
    this.habits = setup.habits();
    this.volumes = setup.volumes();
    this.faultRate = setup.faultRate();
    this.killRate = setup.killRate();
    this.script = setup.scripted() ? new Script() : null;
    this.kernel = new Kernel(setup.uniqueIds(), volumes);
    this.drivers = new Driver[volumes];
    this.disks = new Disk[volumes];
    this.truths = new Truth[volumes];
    for (int v = 0; v < volumes; v++) {
      drivers[v] = new Driver(habits, kernel, v);
      drivers[v].exists = choices.below(4) > 0 || !habits.lists();
      disks[v] = new Disk();
      truths[v] = new Truth();
    }
    this.calls = new Calls(this);
    this.unheard = new Unheard(this);
    Ends ends = new Ends(this);
    this.checks = new Checks(this, ends);
    this.callChecks = new CallChecks(this, ends);
    this.taskChecks = new TaskChecks(this, ends);
    if (trace != null) {
      note(habits + " uniqueIds=" + kernel.uniqueIds);
    }
  }

  Script script() {
    return Objects.requireNonNull(script);
  }

  long now() {
    return calendar.now;
  }

  void note(String words) {
    if (trace != null) {
      trace.add(calendar.now + " " + Shrinker.shorten(words));
    }
  }

  /** Whether a fault happens here. */
  boolean fault(Fault fault) {
    return fault(fault, 1);
  }

  /** Whether one happens that is so many times as likely. */
  boolean fault(Fault fault, int times) {
    if (calm || faultRate == 0 || !choices.oneIn(Math.max(2, faultRate / times))) {
      return false;
    }
    met(fault, "");
    return true;
  }

  void met(Fault fault, String where) {
    statistics.faults[fault.ordinal()]++;
    anyFault = true;
    if (trace != null) {
      note("  ! " + fault + " " + where);
    }
  }

  /** The agent starts. */
  void start() {
    if (agents > 0 && !calm && choices.oneIn(4)) {
      int next = choices.below(3);
      if (next != kernel.namespace) {
        met(Fault.OTHER_NAMESPACE, "");
        kernel.namespace = next;
        moved = true;
      }
    }
    for (int v = 0; v < volumes; v++) {
      if (disks[v].record != null
          && disks[v].boot == boots
          && faultRate > 0
          && !calm
          && choices.oneIn(faultRate * 4)) {
        met(Fault.RECORD_ROTS, "v" + v);
        disks[v].torn = true;
        disks[v].record = null;
      }
    }
    agents++;
    note("agent " + agents + " starts");
    agent = new Agent(this, agents);
    agent.recover();
  }

  /** The agent dies where it is, or the whole host does. */
  void kill(boolean boot) {
    boolean keeps = boot && habits.keeps() == Habits.Keeps.IDS && choices.below(2) == 1;
    kill(boot, keeps);
  }

  /** The driver may mount again after a boot what it had. */
  void kill(boolean boot, boolean keeps) {
    met(boot ? Fault.BOOT : Fault.KILL, "");
    kills++;
    if (agent != null) {
      agent.alive = false;
    }
    agent = null;
    for (int v = 0; v < volumes; v++) {
      Disk disk = disks[v];
      if (disk.writing) {
        switch (choices.below(boot && disk.next != null ? 3 : 2)) {
          case 0 -> disk.failed();
          case 1 -> disk.done(boots);
          default -> {
            met(Fault.RECORD_TORN, "v" + v);
            disk.failed();
            disk.torn = true;
            disk.record = null;
          }
        }
      }
    }
    for (int v = 0; v < volumes; v++) {
      truths[v].unclear |= disks[v].isInDoubt();
      truths[v].accountOnRecord = disks[v].record != null && disks[v].record.terms().keepsAccount();
    }
    for (Task task : tasks) {
      boolean dies =
          boot
              || task.stage != Task.Stage.RUNNING
              || now() - task.launchedAt < 20 && choices.below(2) == 1;
      if (dies && task.stage != Task.Stage.NEW) {
        task.stage = Task.Stage.OVER;
        task.letGo();
      }
      task.prepareDue = false;
      task.cleanupDue = false;
    }
    if (boot) {
      boot(keeps);
    } else {
      unheard.agentDied();
    }
    if (script != null) {
      return; // it says when the next agent starts
    }
    long down = choices.below(2) == 0 ? choices.below(1000) : choices.below(30_000);
    calendar.in(
        down,
        () -> {
          if (agent == null) {
            startWhenFree();
          }
        });
  }

  /** A process that has not ended yet has the lock of the state folder. */
  void startWhenFree() {
    if (unheard.isStuck()) {
      calendar.in(500, this::startWhenFree);
    } else if (agent == null) {
      start();
    }
  }

  private void boot(boolean keeps) {
    boots++;
    calls.forget();
    kernel.boot();
    for (int v = 0; v < volumes; v++) {
      Driver driver = drivers[v];
      driver.otherHas = false;
      truths[v].boot(disks[v].torn, !keeps);
      if (disks[v].torn) {
        disks[v].torn = false; // it lies in the folder of an earlier boot
      }
      if (keeps) {
        driver.holders.remove(Driver.OTHER);
        driver.mountAgain(now());
        truths[v].mountedAgain = driver.isHeldByUs();
      } else {
        driver.restart(false);
      }
    }
  }

  /** The driver of all volumes starts again. */
  void restartDriver(Fault how) {
    if (habits.own()) {
      unheard.storageIsBack();
      return;
    }
    met(how, "");
    for (int v = 0; v < volumes; v++) {
      Driver driver = drivers[v];
      switch (how) {
        case DRIVER_MOUNTS_AGAIN -> driver.mountAgain(now());
        case DRIVER_LEAVES_DEAD_MOUNT -> {
          driver.restart(true);
          truths[v].forgot = true;
        }
        default -> {
          driver.restart(false);
          truths[v].forgot = true;
        }
      }
    }
    unheard.driverRestarted();
  }
}
