// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.Rules;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeLife;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of this host. Each has its events applied one at a time, by whichever thread brings
 * the first of them; that thread also does what comes out, and takes as long as the driver does.
 * Events that come meanwhile are queued. Different volumes never wait for each other. Thread-safe.
 */
final class Volumes {
  /** How long an event waits that could not be applied for want of memory. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** One volume. Its queue and its flags are guarded by itself; the rest is its drainer's. */
  private static final class Volume {
    final VolumeLife life;
    final ArrayDeque<VolumeEvent> queue = new ArrayDeque<>(2);
    volatile VolumeState state;
    boolean busy;
    boolean removed;
    @Nullable Future<?> timer;

    Volume(VolumeLife life, VolumeState state) {
      this.life = life;
      this.state = state;
    }
  }

  private final ConcurrentMap<VolumeId, Volume> all = new ConcurrentHashMap<>();

  /** Volumes of which an earlier agent had more than one, by case. */
  private final Set<VolumeId> toldApart = ConcurrentHashMap.newKeySet();

  private final Parts parts;
  private final VolumeActions actions;
  private final VolumeHistory history;
  private final PatientExecutor patient;
  private final Log log;

  /** Told what becomes of a container's wish. Set before the first event. */
  private BiConsumer<ContainerId, ContainerEvent> containers = (container, event) -> {};

  Volumes(Parts parts, VolumeActions actions) {
    this.parts = parts;
    this.actions = actions;
    this.history = new VolumeHistory(parts);
    this.patient = new PatientExecutor(parts.threads(), parts.timers().deadlines());
    this.log = parts.log();
  }

  void answerTo(BiConsumer<ContainerId, ContainerEvent> told) {
    containers = told;
  }

  // What is known.

  /** What is known of a volume, on disk or not yet. */
  Optional<VolumeRecord> record(VolumeId id) {
    Volume volume = all.get(id);
    return volume == null ? Optional.empty() : volume.state.record();
  }

  Collection<VolumeState> states() {
    return all.values().stream().map(volume -> volume.state).toList();
  }

  // What happens.

  /** Brings an event; what follows is done on another thread. */
  void tell(VolumeId id, VolumeEvent event) {
    Runnable work = queued(id, event);
    if (work != null) {
      patient.execute(work);
    }
  }

  /**
   * Queues an event.
   *
   * @return what the caller has to run, or to have run; null if a thread is at it already
   */
  @Nullable Runnable queued(VolumeId id, VolumeEvent event) {
    while (true) {
      Volume volume =
          all.computeIfAbsent(
              id, key -> new Volume(life(key, service(event)), actions.initial(key)));
      synchronized (volume) {
        if (volume.removed) {
          continue;
        }
        volume.queue.add(event);
        if (volume.busy) {
          return null;
        }
        volume.busy = true;
      }
      parts.metrics().add(Metric.OPERATIONS, 1);
      return () -> drain(volume);
    }
  }

  private static String service(VolumeEvent event) {
    return event instanceof VolumeEvent.Wanted wanted ? wanted.wish().service() : "";
  }

  private VolumeLife life(VolumeId id, String service) {
    Policy policy = parts.policy();
    return new VolumeLife(
        new Rules(
            UUID.randomUUID() + "-",
            2 * policy.mountTimeout().toMillis(),
            policy.firstRetry().toMillis(),
            policy.longestRetry().toMillis(),
            policy.plainDirectories().contains(id.driver()),
            !service.isEmpty() && parts.drivers().ofKind(service).mountsItself()));
  }

  private void drain(Volume volume) {
    VolumeEvent event = next(volume);
    while (event != null) {
      VolumeEvent result = null;
      try {
        result = apply(volume, event);
      } catch (Throwable e) {
        // For want of memory. The event is not lost: somebody waits for what follows from it.
        retry(volume, event, e);
        return;
      }
      event = result == null ? next(volume) : result;
    }
  }

  private void retry(Volume volume, VolumeEvent event, Throwable e) {
    Runnable again =
        () -> {
          synchronized (volume) {
            volume.queue.addFirst(event);
          }
          drain(volume);
        };
    try {
      log.error(
          "%s: an event could not be applied (%s); it is tried again"
              .formatted(volume.state.id(), e));
    } catch (Throwable another) {
      // No memory to say so.
    }
    while (true) {
      try {
        Future<?> unused =
            parts
                .timers()
                .deadlines()
                .schedule(() -> patient.execute(again), PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        return;
      } catch (OutOfMemoryError another) {
        Thread.onSpinWait();
      }
    }
  }

  /** Applies an event and does what comes out; the result of an action is the next event. */
  private @Nullable VolumeEvent apply(Volume volume, VolumeEvent event) {
    VolumeState before = volume.state;
    VolumeLife.Outcome outcome = volume.life.apply(before, event, parts.now());
    volume.state = outcome.state();
    // From here on nothing is thrown: the event would be applied twice.
    VolumeEvent result = null;
    guarded(() -> history.tell(before, outcome.state()));
    for (VolumeStep step : outcome.steps()) {
      if (step instanceof VolumeStep.Action action) {
        result = actions.done(outcome.state(), action);
        applyWaiting(volume);
      } else {
        guarded(() -> carryOut(volume, step));
      }
    }
    return result;
  }

  private void guarded(Runnable body) {
    try {
      body.run();
    } catch (Throwable e) {
      try {
        log.error("a step could not be carried out: " + e);
      } catch (Throwable another) {
        // No memory to say so. Who waits for it has a deadline.
      }
    }
  }

  /**
   * Before an action's end is applied, what came meanwhile: a container that waits no more is not
   * given the volume first.
   */
  private void applyWaiting(Volume volume) {
    for (VolumeEvent event = poll(volume); event != null; event = poll(volume)) {
      try {
        VolumeEvent unused = apply(volume, event);
      } catch (Throwable e) {
        synchronized (volume) {
          volume.queue.addFirst(event);
        }
        return; // for want of memory; it is applied after the action's end
      }
    }
  }

  private static @Nullable VolumeEvent poll(Volume volume) {
    synchronized (volume) {
      return volume.queue.poll();
    }
  }

  private @Nullable VolumeEvent next(Volume volume) {
    synchronized (volume) {
      VolumeEvent event = volume.queue.poll();
      if (event != null) {
        return event;
      }
      volume.busy = false;
      if (volume.state.isOver()) {
        volume.removed = true;
        all.remove(volume.state.id(), volume);
      }
    }
    parts.metrics().add(Metric.OPERATIONS, -1);
    return null;
  }

  private void carryOut(Volume volume, VolumeStep step) {
    VolumeId id = volume.state.id();
    switch (step) {
      case VolumeStep.Give give ->
          containers.accept(
              give.container(), new ContainerEvent.Given(id, give.path(), give.mount()));
      case VolumeStep.Refuse refuse ->
          containers.accept(refuse.container(), new ContainerEvent.Refused(id, refuse.words()));
      case VolumeStep.Delay delay ->
          containers.accept(delay.container(), new ContainerEvent.Delayed(id, delay.words()));
      case VolumeStep.Freed freed ->
          containers.accept(freed.container(), new ContainerEvent.Freed(id));
      case VolumeStep.WakeAt wake -> wakeAt(volume, wake.moment());
      case VolumeStep.Say say -> {
        switch (say.level()) {
          case INFO -> log.info(say.words());
          case WARNING -> log.warning(say.words());
          case ERROR -> log.error(say.words());
        }
      }
      case VolumeStep.Action action -> throw new IllegalStateException("it has an end");
    }
  }

  private void wakeAt(Volume volume, long moment) {
    if (volume.timer != null) {
      volume.timer.cancel(false);
    }
    try {
      volume.timer =
          parts
              .timer()
              .schedule(
                  () -> tell(volume.state.id(), new VolumeEvent.Woken()),
                  Math.max(1, moment - parts.now()),
                  TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The module is closing: the next agent goes on with it.
    }
  }

  // The start and the end.

  /** Which volume is meant by a name as written (parameter name_case). */
  VolumeId identity(VolumeId written) {
    return parts.policy().compatibility().anyCase() && !toldApart.contains(written.inAnyCase())
        ? written.inAnyCase()
        : written;
  }

  /**
   * Takes over volumes as an earlier agent left them. Nothing is done with them yet. What it told
   * apart by case stays apart as long as this agent runs: to hand a task the other one's data would
   * be worse than to have both.
   */
  List<VolumeId> adopt(List<VolumeState> states) {
    Map<VolumeId, VolumeId> first = new HashMap<>();
    for (VolumeState state : states) {
      if (isOfEarlierBoot(state)) {
        continue;
      }
      VolumeId other = first.putIfAbsent(state.id().inAnyCase(), state.id());
      if (other != null && parts.policy().compatibility().anyCase()) {
        toldApart.add(other.inAnyCase());
        log.warning(
            "%s and %s are both in use and stay two volumes until the agent is started again without them, although name_case is ignore"
                .formatted(other, state.id()));
      }
    }
    return states.stream()
        .map(state -> adopt(isOfEarlierBoot(state) ? state : state.as(identity(state.id()))))
        .toList();
  }

  /** Nothing of it is mounted any more, so that no task can be handed another one's data. */
  private static boolean isOfEarlierBoot(VolumeState state) {
    return state.record().stream()
        .flatMap(record -> record.mountIds().stream())
        .anyMatch(id -> id.mount() == MountId.MountCall.EARLIER_BOOT);
  }

  private VolumeId adopt(VolumeState state) {
    VolumeId key = state.id();
    String service = state.record().map(record -> record.terms().service()).orElse("");
    all.put(key, new Volume(life(key, service), state));
    history.tell(VolumeState.none(key), state);
    return key;
  }

  /** Goes on with what an earlier agent left, and waits a while for what nobody holds. */
  void awaken(List<VolumeId> ids, Duration time) {
    ids.forEach(id -> tell(id, new VolumeEvent.Woken()));
    if (!quiet(time)) {
      log.warning(
          "some volumes of ended containers are not unmounted yet; that goes on in the background");
    }
  }

  /** Waits until nothing is under way; false if that was not so within the time. */
  boolean quiet(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (all.values().stream().anyMatch(Volumes::isBusy)) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  private static boolean isBusy(Volume volume) {
    synchronized (volume) {
      return volume.busy;
    }
  }
}
