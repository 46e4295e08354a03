// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.ContainerStep;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Seen.Health;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.simulator.Request.Operation;
import io.dvdi.simulator.Statistics.StepKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries out the steps of a volume that have an end, and brings their end. */
final class Actions {
  private static final VolumeEvent RECORDED = new VolumeEvent.Recorded();
  private static final VolumeEvent ACTED = new VolumeEvent.Acted("");
  private static final Told SILENCE =
      new Told(
          Told.Existence.NO_ANSWER,
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          "it does not answer");

  private final World world;
  private final Agent agent;

  Actions(World world, Agent agent) {
    this.world = world;
    this.agent = agent;
  }

  void act(int v, VolumeStep.Action action) {
    world.statistics.steps++;
    switch (action) {
      case VolumeStep.Write write -> write(v, write.record());
      case VolumeStep.Remove remove -> write(v, null);
      case VolumeStep.Ask ask -> ask(v);
      case VolumeStep.Look look -> look(v, look);
      case VolumeStep.Create create ->
          world.calls.send(v, Operation.CREATE, announced(v), agent.life, doubtEnds(v, null));
      case VolumeStep.Mount mount -> {
        world.truths[v].options = mount.options();
        world.callChecks.spelled(v, mount.mountId(), mount.spelling(), true);
        world.calls.send(
            v, Operation.MOUNT, mount.mountId(), agent.life, doubtEnds(v, mount.mountId()));
      }
      case VolumeStep.Unmount unmount -> {
        world.callChecks.spelled(v, unmount.mountId(), unmount.spelling(), false);
        world.calls.send(
            v, Operation.UNMOUNT, unmount.mountId(), agent.life, doubtEnds(v, unmount.mountId()));
      }
      case VolumeStep.Force force -> force(v, force);
      case VolumeStep.Chown chown -> chown(v);
    }
  }

  private void end(int v, long delay, VolumeEvent event) {
    world.statistics.steps++;
    world.calendar.in(delay, () -> agent.volume(v, event));
  }

  private void write(int v, @Nullable VolumeRecord record) {
    Disk disk = world.disks[v];
    disk.begin(record);
    world.callChecks.writing(v, record);
    Fault fault =
        record != null && world.fault(Fault.DISK_FULL)
            ? Fault.DISK_FULL
            : world.fault(Fault.WRITE_FAILED_OLD)
                ? Fault.WRITE_FAILED_OLD
                : world.fault(Fault.WRITE_FAILED_NEW) ? Fault.WRITE_FAILED_NEW : null;
    world.statistics.steps++;
    world.calendar.in(
        1 + world.choices.below(20),
        () -> {
          if (!agent.alive) {
            return;
          }
          world.truths[v].writeFailed = fault != null;
          if (fault == Fault.DISK_FULL || fault == Fault.WRITE_FAILED_OLD) {
            disk.failed();
          } else {
            disk.done(world.boots);
          }
          agent.volume(
              v, fault == null ? RECORDED : new VolumeEvent.NotRecorded("no space left on device"));
        });
  }

  private void ask(int v) {
    if (world.fault(Fault.ASK_NOT_ANSWERED)
        || world.calls.isHanging() && world.choices.below(2) == 1) {
      end(v, 1 + world.choices.below(3000), new VolumeEvent.Answered(SILENCE));
      return;
    }
    boolean error = !world.habits.own() && world.fault(Fault.ASK_ERROR);
    world.truths[v].askFailed = error;
    world.statistics.steps++;
    world.calendar.in(
        world.choices.below(20),
        () -> {
          Told told =
              error
                  ? new Told(
                      Told.Existence.UNKNOWN,
                      Optional.empty(),
                      Optional.empty(),
                      false,
                      Optional.empty(),
                      "storage service is away")
                  : world.drivers[v].told();
          if (!agent.alive) {
            return;
          }
          Truth truth = world.truths[v];
          truth.askedAtTime = world.now();
          truth.existedWhenAsked = world.drivers[v].exists;
          world.calendar.in(
              world.choices.below(20), () -> agent.volume(v, new VolumeEvent.Answered(told)));
        });
  }

  /** What it shows was true at some time while it lasted, and not all of it at the same time. */
  private void look(int v, VolumeStep.Look look) {
    boolean known = look.path().isPresent();
    boolean slow = world.fault(Fault.LOOK_SLOW, 2);
    boolean momentFirst = world.choices.below(2) == 0;
    world.truths[v].lookBeganAt = world.now();
    Moment before = world.kernel.moment(v, known);
    world.statistics.steps++;
    world.calendar.in(
        world.choices.below(15),
        () -> {
          KernelMount top = known ? world.kernel.top(v) : null;
          Moment moment = momentFirst ? before : world.kernel.moment(v, known);
          Seen seen =
              new Seen(
                  moment,
                  world.kernel.place(v, known),
                  known && world.kernel.isCovered(v, look.known()),
                  Optional.empty(),
                  world.habits.own());
          Truth truth = world.truths[v];
          boolean silent = top != null && top.health == Health.SILENT;
          world.calendar.in(
              silent ? 1000 : world.choices.below(slow ? 3_000 : 15),
              () -> {
                if (!agent.alive) {
                  return;
                }
                truth.lookedAt = top;
                truth.health = top == null ? null : ((Seen.Mounted) seen.place()).health();
                truth.covered = seen.covered();
                truth.unseen |= !known;
                truth.coverSeen |=
                    top != null && top.volume != v && top.madeAt >= truth.lastMomentAt;
                truth.lookedAtTime = world.now();
                agent.volume(v, new VolumeEvent.Looked(seen));
              });
        });
  }

  private void force(int v, VolumeStep.Force force) {
    world.callChecks.forcing(v, force);
    boolean fails = world.fault(Fault.FORCE_FAILS, 4);
    world.statistics.steps++;
    world.calendar.in(
        world.choices.below(20),
        () -> {
          if (!agent.alive) {
            return;
          }
          KernelMount top = world.kernel.top(v);
          boolean same =
              top != null
                  && top.evidence(world.kernel.namespace, world.kernel.uniqueIds)
                      .isSameMount(force.mount());
          if (fails || !same) {
            agent.volume(v, new VolumeEvent.Acted(fails ? "EBUSY" : "it is not there"));
            return;
          }
          world.callChecks.forced(v, top);
          world.kernel.unmount(v, top);
          agent.volume(v, ACTED);
        });
  }

  private void chown(int v) {
    boolean fails = world.fault(Fault.CHOWN_FAILS);
    world.statistics.steps++;
    world.calendar.in(
        world.choices.below(30),
        () -> {
          if (!agent.alive) {
            return;
          }
          world.truths[v].lookedAtTime = world.now(); // it was opened, and is what was proved
          agent.volume(v, fails ? new VolumeEvent.Acted("operation not permitted") : ACTED);
        });
  }

  /** The mount ID whose announcement a Create shares. */
  private String announced(int v) {
    VolumeRecord record = world.disks[v].record;
    return record == null || record.mountIds().isEmpty()
        ? ""
        : record.mountIds().get(record.mountIds().size() - 1).value();
  }

  private long doubtEnds(int v, @Nullable String mountId) {
    VolumeRecord record = world.disks[v].record;
    if (record != null) {
      for (MountId id : record.mountIds()) {
        if (mountId == null || id.value().equals(mountId)) {
          if (mountId != null || id == record.mountIds().get(record.mountIds().size() - 1)) {
            return id.doubtEnds();
          }
        }
      }
    }
    return world.now() + World.DOUBT;
  }

  static StepKind kind(VolumeStep step) {
    return switch (step) {
      case VolumeStep.Write s -> StepKind.WRITE;
      case VolumeStep.Remove s -> StepKind.REMOVE;
      case VolumeStep.Ask s -> StepKind.ASK;
      case VolumeStep.Look s -> StepKind.LOOK;
      case VolumeStep.Create s -> StepKind.CREATE;
      case VolumeStep.Mount s -> StepKind.MOUNT;
      case VolumeStep.Unmount s -> StepKind.UNMOUNT;
      case VolumeStep.Force s -> StepKind.FORCE;
      case VolumeStep.Chown s -> StepKind.CHOWN;
      case VolumeStep.Give s -> StepKind.GIVE;
      case VolumeStep.Refuse s -> StepKind.REFUSE;
      case VolumeStep.Redirect s -> StepKind.REDIRECT;
      case VolumeStep.Delay s -> StepKind.DELAY;
      case VolumeStep.Freed s -> StepKind.FREED;
      case VolumeStep.WakeAt s -> StepKind.WAKE_AT;
      case VolumeStep.Say s -> StepKind.SAY;
    };
  }

  static StepKind kind(ContainerStep step) {
    return switch (step) {
      case ContainerStep.Inquire s -> StepKind.INQUIRE;
      case ContainerStep.Want s -> StepKind.WANT;
      case ContainerStep.Release s -> StepKind.RELEASE;
      case ContainerStep.Launch s -> StepKind.LAUNCH;
      case ContainerStep.Fail s -> StepKind.FAIL;
      case ContainerStep.CleanedUp s -> StepKind.CLEANED_UP;
      case ContainerStep.WakeAt s -> StepKind.WAKE_AT;
    };
  }
}
