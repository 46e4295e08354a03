// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
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

  /** The driver is {@code local}: its calls are system calls of the agent. */
  final boolean own;

  Set<String> held = Set.of();
  int count;
  long mounted;
  long newest = 1;

  /** Something else that lies over the volume or at its path; 0: nothing. */
  long cover;

  /** Its storage is gone. */
  boolean dead;

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

  /** The last look showed a file system that is dead. */
  boolean seenDead;

  /** The last look showed something else. */
  boolean seenOther;

  /** A look showed something else that came after the last announcement. */
  boolean seenCover;

  @Nullable End end;

  SmallWorld(ExploreReport.Small small) {
    this.keeps = small.keeps();
    this.own = small.own();
    this.kills = small.kills();
    this.faults = small.faults();
    this.other = small.other() ? Other.MAY : Other.NOBODY;
    this.life = life();
    this.core = VolumeState.none(World.VOLUMES[0]);
  }

  SmallWorld(SmallWorld from) {
    keeps = from.keeps;
    own = from.own;
    cover = from.cover;
    dead = from.dead;
    seenDead = from.seenDead;
    seenOther = from.seenOther;
    seenCover = from.seenCover;
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
        + (forgot ? 1024 : 0)
        + (dead ? 2048 : 0)
        + (seenDead ? 4096 : 0)
        + (seenCover ? 8192 : 0)
        + (seenOther ? 16384 : 0);
  }

  private VolumeLife life() {
    return new VolumeLife(
        new Rules("n" + prefixes++ + "-", new Rules.Times(1000, 10, 10), false, own, ""));
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
        if (own && cover != 0) {
          return new VolumeEvent.Acted("another mount is there");
        }
        SmallChecks.forcing(this);
        mounted = 0;
        dead = false;
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
        Told.Existence.EXISTS,
        Optional.empty(),
        Optional.of(PATH),
        account,
        account ? Optional.of(held) : Optional.empty(),
        "");
  }

  /** The newest mount there was when the newest mount ID on record was announced. */
  long announced() {
    return disk == null ? newest : disk.where().lastAnnounced().newestId();
  }

  static Evidence evidence(long serial) {
    return new Evidence(1, serial, serial, "0:1", "/", PATH);
  }

  private Seen seen(VolumeStep.Look look) {
    boolean known = look.path().isPresent();
    long top = cover != 0 ? cover : mounted;
    Optional<Evidence> there = known && top != 0 ? Optional.of(evidence(top)) : Optional.empty();
    boolean covered =
        cover != 0
            && mounted != 0
            && look.known().isPresent()
            && look.known().get().uniqueId() == mounted;
    seenDead = known && dead && cover == 0;
    seenOther = known && cover != 0;
    seenCover |= seenOther && cover > announced();
    Seen.Health health = seenDead ? Seen.Health.DEAD : Seen.Health.ANSWERS;
    Seen.Place place =
        !known
            ? new Seen.Unknown()
            : there.isPresent()
                ? new Seen.Mounted(there.get(), health, false, Optional.empty(), Optional.empty())
                : new Seen.NotMounted(true);
    return new Seen(
        new Moment(1, newest, known, there, Optional.empty()),
        place,
        covered,
        Optional.empty(),
        own);
  }
}
