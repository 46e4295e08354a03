// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.Places;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.volume.VolumeId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries out the steps that have an end, for an {@link AliasAgent}, and brings their end. */
final class AliasActions {
  private static final Told SILENCE =
      new Told(
          Told.Existence.NO_ANSWER,
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          "it does not answer");

  private final AliasHost host;
  private final AliasAgent agent;
  private final Places places;

  /** By name, what was mounted when the kernel was asked last. */
  final @Nullable KernelMount[] looked = new KernelMount[AliasHost.NAMES.length];

  AliasActions(AliasHost host, AliasAgent agent, Places places) {
    this.host = host;
    this.agent = agent;
    this.places = places;
  }

  void act(int n, VolumeState state, VolumeStep.Action action) {
    switch (action) {
      case VolumeStep.Write write -> write(n, write.record());
      case VolumeStep.Remove remove -> write(n, null);
      case VolumeStep.Ask ask -> ask(n);
      case VolumeStep.Look look -> look(n, state, look);
      case VolumeStep.Mount mount -> call(n, true, mount.mountId());
      case VolumeStep.Unmount unmount -> {
        host.checks.sendingUnmount(unmount.path());
        call(n, false, unmount.mountId());
      }
      case VolumeStep.Force force -> {
        KernelMount top = host.kernel.top(0);
        if (top != null) {
          host.kernel.unmount(0, top);
          host.checks.unmounted(top);
        }
        agent.end(n, new VolumeEvent.Acted(""));
      }
      case VolumeStep.Create create -> throw host.broken("a volume is created that exists");
      case VolumeStep.Chown chown -> throw host.broken("a volume is changed");
    }
  }

  private void write(int n, @Nullable VolumeRecord record) {
    Disk disk = host.disks[n];
    disk.begin(record);
    boolean fails = host.fault();
    agent.in(
        host.choices.below(20),
        () -> {
          if (fails) {
            disk.failed();
          } else {
            disk.done(0);
          }
          agent.volume(
              n, fails ? new VolumeEvent.NotRecorded("no space left") : new VolumeEvent.Recorded());
        });
  }

  private void ask(int n) {
    if (host.fault()) {
      agent.end(n, new VolumeEvent.Answered(SILENCE));
      return;
    }
    agent.in(
        host.choices.below(20),
        () -> {
          Told told = host.driver(n).told();
          agent.end(
              n,
              new VolumeEvent.Answered(
                  new Told(
                      told.existence(),
                      host.told,
                      told.path(),
                      told.keepsAccount(),
                      told.account(),
                      "")));
        });
  }

  /** It is asked whose the place is before and after the kernel is; time passes in between. */
  private void look(int n, VolumeState state, VolumeStep.Look look) {
    boolean known = look.path().isPresent();
    agent.in(
        host.choices.below(15),
        () -> {
          Optional<VolumeId> before = look.path().flatMap(path -> places.owner(state, path));
          agent.in(
              host.choices.below(15),
              () -> {
                Optional<VolumeId> owner =
                    before.or(() -> look.path().flatMap(path -> places.owner(state, path)));
                looked[n] = known ? host.kernel.top(0) : null;
                agent.end(
                    n,
                    new VolumeEvent.Looked(
                        new Seen(
                            host.kernel.moment(0, known),
                            host.kernel.place(0, known),
                            known && host.kernel.isCovered(0, look.known()),
                            owner,
                            false)));
              });
        });
  }

  private void call(int n, boolean mount, String mountId) {
    host.statistics.steps++;
    boolean refused = host.fault();
    boolean cut = host.fault();
    long left = doubtEnds(n, mountId) - host.calendar.now - 1;
    long arrives = cut && host.choices.below(2) == 1 ? host.choices.below((int) left) : 0;
    boolean lost = cut && arrives == 0 && host.choices.below(2) == 1;
    if (cut) {
      agent.end(n, new VolumeEvent.Ended(new VolumeEvent.CutOff("the connection broke")));
    }
    if (lost) {
      return;
    }
    // The request goes on when its agent dies, but not for longer than its doubt lasts.
    host.calendar.in(
        Math.min(left, arrives + host.choices.below(host.choices.below(4) == 3 ? 3_000 : 40)),
        () -> {
          if (!agent.alive && host.choices.below(2) == 1) {
            return;
          }
          String error = refused ? "storage service is away" : host.carryOut(n, mount, mountId);
          if (agent.alive && !cut) {
            agent.end(
                n,
                new VolumeEvent.Ended(
                    error != null
                        ? new VolumeEvent.Failed(error)
                        : mount
                            ? new VolumeEvent.Succeeded(host.driver(n).path, false)
                            : new VolumeEvent.Succeeded()));
          }
        });
  }

  private long doubtEnds(int n, String mountId) {
    return host.disks[n].record.mountIds().stream()
        .filter(id -> id.value().equals(mountId))
        .findFirst()
        .map(MountId::doubtEnds)
        .orElseThrow();
  }
}
