// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.ContainerLife;
import io.dvdi.lifecycle.ContainerState;
import io.dvdi.lifecycle.ContainerStep;
import io.dvdi.lifecycle.Places;
import io.dvdi.lifecycle.Rules;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeLife;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.lifecycle.Wish;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The shell around the core in an {@link AliasLife}. Each name has a state of its own. */
final class AliasAgent {
  private final AliasHost host;
  private final int number;
  private final Places places = new Places();
  private final AliasActions actions;
  private final @Nullable VolumeState[] volumes = new VolumeState[AliasHost.NAMES.length];
  private final VolumeLife[] lives = new VolumeLife[AliasHost.NAMES.length];
  private final ContainerState[] containers = new ContainerState[16];
  private final int[] volumeAlarms = new int[AliasHost.NAMES.length];
  private final int[] containerAlarms = new int[16];
  boolean alive = true;

  AliasAgent(AliasHost host, int number) {
    this.host = host;
    this.number = number;
    this.actions = new AliasActions(host, this, places);
    for (int n = 0; n < lives.length; n++) {
      lives[n] = life(n, 0);
    }
  }

  private int prefixes;

  private VolumeLife life(int n, int serial) {
    return new VolumeLife(
        new Rules(
            "n" + n + "a" + number + "-" + serial + "-",
            new Rules.Times(World.DOUBT, World.FIRST_RETRY, World.LONGEST_RETRY),
            false,
            false,
            ""));
  }

  void recover() {
    Set<ContainerId> running = new HashSet<>();
    for (int i = 0; i < host.users.length; i++) {
      AliasHost.User user = host.users[i];
      if (user != null && user.running) {
        running.add(Task.IDS[i]);
        ContainerId id = Task.IDS[i];
        List<VolumeId> held = new ArrayList<>();
        for (int n = 0; n < lives.length; n++) {
          VolumeRecord record = host.disks[n].record;
          if (record != null && record.users().contains(id)) {
            held.add(AliasHost.NAMES[n]);
          }
        }
        containers[i] = ContainerState.holding(held);
      }
    }
    for (int n = 0; n < lives.length; n++) {
      VolumeRecord record = host.disks[n].record;
      if (record != null) {
        volumes[n] = VolumeState.recovered(record, running);
      }
    }
    for (boolean held : new boolean[] {true, false}) {
      for (VolumeState state : volumes) {
        if (state != null && state.record().get().users().isEmpty() != held) {
          places.adopt(state);
        }
      }
    }
    for (int n = 0; n < lives.length && alive; n++) {
      if (volumes[n] != null) {
        volume(n, new VolumeEvent.Woken());
      }
    }
  }

  private static int number(VolumeId id) {
    for (int n = 0; ; n++) {
      if (AliasHost.NAMES[n].equals(id)) {
        return n;
      }
    }
  }

  void in(long delay, Runnable event) {
    host.calendar.in(
        delay,
        () -> {
          if (alive) {
            event.run();
          }
        });
  }

  void end(int n, VolumeEvent event) {
    host.statistics.steps++;
    in(host.choices.below(15), () -> volume(n, event));
  }

  void volume(int n, VolumeEvent event) {
    if (!alive) {
      return;
    }
    VolumeState state = volumes[n];
    if (state == null) {
      state = VolumeState.none(AliasHost.NAMES[n]);
      lives[n] = life(n, ++prefixes);
    }
    host.note(AliasHost.NAMES[n].name() + " <- " + event);
    VolumeLife.Outcome outcome = lives[n].apply(state, event, host.calendar.now);
    volumes[n] = outcome.state().isOver() ? null : outcome.state();
    places
        .update(outcome.state())
        .ifPresent(next -> in(0, () -> volume(number(next), new VolumeEvent.Woken())));
    for (VolumeStep step : outcome.steps()) {
      host.note(AliasHost.NAMES[n].name() + " -> " + step);
      if (host.crashes(host.statistics.killedBefore, Actions.kind(step))) {
        return;
      }
      perform(n, outcome.state(), step);
      if (host.crashes(host.statistics.killedAfter, Actions.kind(step))) {
        return;
      }
    }
  }

  private void perform(int n, VolumeState state, VolumeStep step) {
    VolumeId id = AliasHost.NAMES[n];
    switch (step) {
      case VolumeStep.Give give -> {
        host.checks.given(task(give.container()), actions.looked[n]);
        tell(give.container(), new ContainerEvent.Given(id, give.path(), give.mount()));
      }
      case VolumeStep.Refuse refuse ->
          tell(refuse.container(), new ContainerEvent.Refused(id, refuse.words()));
      case VolumeStep.Redirect redirect ->
          tell(redirect.container(), new ContainerEvent.Redirected(id, redirect.to()));
      case VolumeStep.Delay delay ->
          tell(delay.container(), new ContainerEvent.Delayed(id, delay.words()));
      case VolumeStep.Freed freed -> tell(freed.container(), new ContainerEvent.Freed(id));
      case VolumeStep.WakeAt wake -> {
        int alarm = ++volumeAlarms[n];
        in(
            wake.moment() - host.calendar.now,
            () -> {
              if (volumeAlarms[n] == alarm) {
                volume(n, new VolumeEvent.Woken());
              }
            });
      }
      case VolumeStep.Say say -> {}
      case VolumeStep.Action action -> actions.act(n, state, action);
    }
  }

  // Containers.

  private static int task(ContainerId id) {
    return Integer.parseInt(id.value(), 1, id.value().length(), 10);
  }

  private void tell(ContainerId id, ContainerEvent event) {
    tell(task(id), event);
  }

  void tell(int task, ContainerEvent event) {
    in(0, () -> container(task, event));
  }

  private void container(int task, ContainerEvent event) {
    ContainerState state = containers[task];
    if (state == null) {
      state = ContainerState.unknown();
    }
    host.note("c" + task + " <- " + event);
    ContainerLife.Outcome outcome = ContainerLife.apply(state, event, host.calendar.now);
    containers[task] = outcome.state();
    for (ContainerStep step : outcome.steps()) {
      if (alive) {
        perform(task, step);
      }
    }
  }

  private void perform(int task, ContainerStep step) {
    switch (step) {
      case ContainerStep.Inquire inquire ->
          tell(
              task,
              inquire.inquiry() == ContainerEvent.Inquiry.VOLUMES
                  ? new ContainerEvent.AsksFor(List.copyOf(host.users[task].names))
                  : new ContainerEvent.Found());
      case ContainerStep.Want want ->
          in(
              0,
              () ->
                  volume(
                      number(want.volume()),
                      new VolumeEvent.Wanted(
                          new Wish(
                              Task.IDS[task],
                              host.users[task].names.get(want.part()),
                              "service",
                              Options.NONE,
                              new Wish.Needs(false, false, true, Optional.empty()),
                              want.deadline()))));
      case ContainerStep.Release release -> {
        host.users[task].mount = null;
        in(0, () -> volume(number(release.volume()), new VolumeEvent.Released(Task.IDS[task])));
      }
      case ContainerStep.Launch launch -> host.checks.launched(task);
      case ContainerStep.Fail fail -> host.checks.failed(task, fail.words());
      case ContainerStep.CleanedUp cleanedUp -> host.checks.cleanedUp(task);
      case ContainerStep.WakeAt wake -> {
        int alarm = ++containerAlarms[task];
        in(
            wake.moment() - host.calendar.now,
            () -> {
              if (containerAlarms[task] == alarm) {
                container(task, new ContainerEvent.Woken());
              }
            });
      }
    }
  }
}
