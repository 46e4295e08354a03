// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.Rules;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeLife;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.simulator.Habits.Keeps;
import io.dvdi.volume.ContainerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One volume, two containers, another client of its driver, and the core, small enough that every
 * state can be visited. Asks, looks and umount2(2) of our own take no time; time is only "over": a
 * pause or a doubt can be over at any moment, but a doubt not before its call cannot come any more.
 */
final class SmallWorld {
  static final long NOW = 1_000_000;
  private static final String PATH = "/v/0";

  /** How far a container is. */
  enum Container {
    NEW,
    WAITS,
    RUNS,
    FAILED,
    ENDED
  }

  /** What the other client does. */
  enum Other {
    NOBODY,
    MAY,
    HAS,
    HAD
  }

  /** A call that may still come. Nobody listens to it unless it is live. */
  record Call(boolean mount, String mountId, boolean live) {}

  /** An end that nobody can avoid, or a rule that is broken. */
  record End(@Nullable AcceptedEnd accepted, String rule) {}

  final Keeps keeps;
  Set<String> held = Set.of();
  int count;
  long mounted;
  long newest = 1;
  List<Call> queue = List.of();
  final Container[] containers = {Container.NEW, Container.NEW};
  final long[] had = {0, 0};
  Other other;
  int kills;
  int faults;
  @Nullable VolumeState core;
  @Nullable VolumeRecord disk;

  /** What the write that is under way leaves; it is one, if there is one. */
  boolean writing;

  @Nullable VolumeRecord next;
  private int prefixes;
  private VolumeLife life;

  // What the world alone knows.
  boolean unclear;
  boolean outsider;
  boolean forgot;
  @Nullable End end;

  SmallWorld(Keeps keeps, int kills, int faults, boolean other) {
    this.keeps = keeps;
    this.kills = kills;
    this.faults = faults;
    this.other = other ? Other.MAY : Other.NOBODY;
    this.life = life();
    this.core = VolumeState.none(World.VOLUMES[0]);
  }

  SmallWorld(SmallWorld from) {
    keeps = from.keeps;
    held = from.held;
    count = from.count;
    mounted = from.mounted;
    newest = from.newest;
    queue = from.queue;
    System.arraycopy(from.containers, 0, containers, 0, containers.length);
    System.arraycopy(from.had, 0, had, 0, had.length);
    other = from.other;
    kills = from.kills;
    faults = from.faults;
    core = from.core;
    disk = from.disk;
    writing = from.writing;
    next = from.next;
    prefixes = from.prefixes;
    life = from.life;
    unclear = from.unclear;
    outsider = from.outsider;
    forgot = from.forgot;
    end = from.end;
  }

  int flags() {
    return kills
        + 4 * faults
        + 16 * other.ordinal()
        + (core == null ? 64 : 0)
        + (writing ? 128 : 0)
        + (unclear ? 256 : 0)
        + (outsider ? 512 : 0)
        + (forgot ? 1024 : 0);
  }

  private VolumeLife life() {
    return new VolumeLife(new Rules("n" + prefixes++ + "-", 1000, 10, 10, false, false));
  }

  /** The agent starts with what is on disk. */
  void start() {
    life = life();
    if (disk == null) {
      core = VolumeState.none(World.VOLUMES[0]);
      return;
    }
    Set<ContainerId> running = new HashSet<>();
    for (int i = 0; i < containers.length; i++) {
      if (containers[i] == Container.RUNS) {
        running.add(Task.IDS[i]);
      }
    }
    core = VolumeState.recovered(disk, running);
    apply(new VolumeEvent.Woken());
  }

  void apply(VolumeEvent event) {
    VolumeEvent following = event;
    while (following != null && end == null) {
      VolumeLife.Outcome outcome = life.apply(core, following, NOW);
      core = outcome.state();
      following = null;
      for (VolumeStep step : outcome.steps()) {
        VolumeEvent answer = perform(step);
        following = answer == null ? following : answer;
      }
    }
    if (core.isOver()) {
      core = VolumeState.none(World.VOLUMES[0]);
      life = life();
    }
  }

  private @Nullable VolumeEvent perform(VolumeStep step) {
    switch (step) {
      case VolumeStep.Write write -> begin(write.record());
      case VolumeStep.Remove remove -> begin(null);
      case VolumeStep.Ask ask -> {
        return new VolumeEvent.Answered(told());
      }
      case VolumeStep.Look look -> {
        return new VolumeEvent.Looked(seen(look));
      }
      case VolumeStep.Mount mount -> send(true, mount.mountId());
      case VolumeStep.Unmount unmount -> send(false, unmount.mountId());
      case VolumeStep.Force force -> {
        SmallChecks.forcing(this);
        mounted = 0;
        if (keeps == Keeps.NOTHING) {
          held = Set.of();
        }
        return new VolumeEvent.Acted("");
      }
      case VolumeStep.Give give -> {
        int i = give.container().value().charAt(1) - '0';
        SmallChecks.giving(this);
        if (containers[i] == Container.WAITS) {
          containers[i] = Container.RUNS;
          had[i] = mounted;
        }
      }
      case VolumeStep.Refuse refuse ->
          containers[refuse.container().value().charAt(1) - '0'] = Container.FAILED;
      case VolumeStep.Create create -> throw new IllegalStateException("it exists");
      case VolumeStep.Chown chown -> throw new IllegalStateException("nobody asked for that");
      default -> {}
    }
    return null;
  }

  private void begin(@Nullable VolumeRecord record) {
    writing = true;
    next = record;
  }

  private void send(boolean mount, String mountId) {
    SmallChecks.sending(this, mount, mountId);
    List<Call> calls = new ArrayList<>(queue);
    calls.add(new Call(mount, mountId, true));
    queue = List.copyOf(calls);
  }

  private Told told() {
    boolean account = keeps == Keeps.IDS;
    return new Told(
        true,
        Told.Existence.EXISTS,
        Optional.of(PATH),
        account,
        account ? Optional.of(held) : Optional.empty(),
        "");
  }

  static Evidence evidence(long serial) {
    return new Evidence(1, serial, serial, "0:1", "/", PATH);
  }

  private Seen seen(VolumeStep.Look look) {
    boolean known = look.path().isPresent();
    Optional<Evidence> there =
        known && mounted != 0 ? Optional.of(evidence(mounted)) : Optional.empty();
    Seen.Place place =
        !known
            ? new Seen.Unknown()
            : there.isPresent()
                ? new Seen.Mounted(there.get(), Seen.Health.ANSWERS, false, Optional.empty())
                : new Seen.NotMounted(true);
    return new Seen(new Moment(1, newest, known, there), place, false, false);
  }

  // What is edited from outside: time.

  void pauseOver() {
    VolumeState s = core;
    core =
        new VolumeState(
            s.id(),
            s.record(),
            s.disk(),
            s.wishes(),
            s.leaving(),
            s.doing(),
            new VolumeState.Pause(NOW, 0, true),
            s.announced());
    apply(new VolumeEvent.Woken());
  }

  void doubtOver(String mountId) {
    disk = over(disk, mountId);
    VolumeState s = core;
    VolumeState.Disk known =
        s.disk() instanceof VolumeState.Holds holds
            ? new VolumeState.Holds(holds.record().map(record -> over(record, mountId)))
            : s.disk();
    core =
        new VolumeState(
            s.id(),
            s.record().map(record -> over(record, mountId)),
            known,
            s.wishes(),
            s.leaving(),
            s.doing(),
            s.pause(),
            s.announced());
    apply(new VolumeEvent.Woken());
  }

  private static @Nullable VolumeRecord over(@Nullable VolumeRecord record, String mountId) {
    if (record == null) {
      return null;
    }
    List<MountId> ids = new ArrayList<>();
    for (MountId id : record.mountIds()) {
      ids.add(
          id.value().equals(mountId)
              ? new MountId(id.value(), id.spelling(), id.mount(), id.unmount(), NOW)
              : id);
    }
    return new VolumeRecord(
        record.id(), record.terms(), record.users(), ids, record.where(), record.trouble());
  }
}
