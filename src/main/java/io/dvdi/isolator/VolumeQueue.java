// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import static java.util.Objects.requireNonNull;

import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeLife;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One volume: its state, and the events that wait to be applied to it, one at a time. The thread
 * that applies them also carries out the steps that come out, and takes as long as the driver does.
 * Thread-safe.
 */
final class VolumeQueue {
  /** How long to wait before an event is applied again, after memory ran out. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final VolumeEvent WOKEN = new VolumeEvent.Woken();

  /**
   * What all volumes share.
   *
   * @param changes receive the state before and after each event
   * @param containers receive the answers to their wishes
   * @param over receives a volume that can be forgotten
   */
  record Shared(
      Parts parts,
      VolumeActions actions,
      BiConsumer<VolumeState, VolumeState> changes,
      Patience patient,
      BiConsumer<ContainerId, ContainerEvent> containers,
      Consumer<VolumeQueue> over) {}

  private final VolumeId id;
  private final Shared shared;
  private final Log log;
  private final VolumeMessages told;

  // Guarded by this object. An ArrayDeque that has no memory to grow counts as empty afterwards.
  private final Queue<VolumeEvent> queue = new ConcurrentLinkedQueue<>();
  private boolean busy;
  private boolean removed;

  /**
   * Shared by those who look at the mount, and owned by what unmounts it: a look makes it busy, and
   * some drivers forget a mount that they could not unmount.
   */
  private final ReadWriteLock looks = new ReentrantReadWriteLock();

  /** Made beforehand: once a thread is expected to drain, there must be something to run. */
  private final Runnable drain = this::drain;

  // Used only by the thread that applies events.
  private VolumeLife life;
  private volatile VolumeState state;

  /** For want of memory it was not applied yet. */
  private @Nullable VolumeEvent unapplied;

  VolumeQueue(VolumeState state, Shared shared) {
    this.id = state.id();
    this.shared = shared;
    this.log = shared.parts().log();
    this.told = new VolumeMessages(id, shared.parts(), shared.containers(), this::wake);
    this.life = life(state.record().map(record -> record.terms().service()).orElse(""));
    this.state = state;
  }

  VolumeId id() {
    return id;
  }

  VolumeState state() {
    return state;
  }

  /** Has somebody look at the mount, if a container holds it. It is not unmounted meanwhile. */
  <T> Optional<T> look(Function<VolumeRecord, Optional<T>> look) {
    if (!looks.readLock().tryLock()) {
      return Optional.empty();
    }
    try {
      return state
          .record()
          .filter(record -> record.where().mount().isPresent() && !record.users().isEmpty())
          .flatMap(look);
    } finally {
      looks.readLock().unlock();
    }
  }

  private VolumeLife life(String service) {
    return new VolumeLife(shared.actions().rules(id, service));
  }

  /** Queues an event; returns false if this queue was removed, and a new one is needed. */
  synchronized boolean add(VolumeEvent event) {
    return !removed && queue.add(event);
  }

  /** What the caller has to run, or to have run; null if a thread is at it already. */
  synchronized @Nullable Runnable begin() {
    if (busy || removed) {
      return null;
    }
    busy = true;
    shared.parts().metrics().add(Metric.OPERATIONS, 1);
    return drain;
  }

  synchronized boolean isBusy() {
    return busy;
  }

  /** Applies the queued events until none is left. */
  private void drain() {
    VolumeEvent event = unapplied == null ? next() : unapplied;
    unapplied = null;
    drainFrom(event);
  }

  private void drainFrom(@Nullable VolumeEvent first) {
    VolumeEvent event = first;
    while (event != null) {
      VolumeStep.Action action;
      try {
        action = apply(event);
      } catch (Throwable e) {
        // Memory ran out. The event must not be lost: somebody waits for what follows from it.
        unapplied = event;
        retry(e);
        return;
      }
      if (action == null) {
        event = next();
        continue;
      }
      event = action instanceof VolumeStep.Look look ? looked(look) : done(action);
      if (event == null) {
        return; // another thread has gone on
      }
      applyWaiting();
    }
  }

  /** Looks at the mount. Returns null if that took too long, and another thread has gone on. */
  private @Nullable VolumeEvent looked(VolumeStep.Look look) {
    VolumeActions actions = shared.actions();
    Looking looking;
    Deadlines.@Nullable Deadline deadline;
    while (true) {
      try {
        looking = actions.looking(state, look);
        deadline = deadline(look, looking);
        break;
      } catch (OutOfMemoryError e) {
        Patience.pause();
      } catch (Throwable e) {
        return actions.defect(look, e);
      }
    }
    // From here on, nothing is allocated outside of a try: the event must not be lost.
    Seen seen = null;
    Throwable failure = null;
    try {
      seen = looking.seen();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    if (!looking.decides()) {
      return null;
    }
    if (deadline != null) {
      actions.cancel(deadline);
    }
    return failure == null && seen != null
        ? actions.looked(look, looking, seen)
        : actions.defect(look, requireNonNull(failure));
  }

  private Deadlines.@Nullable Deadline deadline(VolumeStep.Look look, Looking looking) {
    Runnable goOn = () -> goOn(look, looking);
    try {
      return shared.actions().whenOverdue(() -> shared.patient().execute(goOn));
    } catch (RejectedExecutionException e) {
      return null; // the module is closing
    }
  }

  /** Runs on another thread than the look, which is overdue. */
  private void goOn(VolumeStep.Look look, Looking looking) {
    if (looking.decides()) {
      VolumeEvent silent = shared.actions().overdue(look, looking);
      applyWaiting();
      drainFrom(silent);
    }
  }

  private synchronized @Nullable VolumeEvent next() {
    VolumeEvent event = queue.poll();
    if (event == null) {
      busy = false;
      shared.parts().metrics().add(Metric.OPERATIONS, -1);
      if (state.isOver()) {
        removed = true;
        shared.over().accept(this);
      }
    }
    return event;
  }

  private synchronized @Nullable VolumeEvent peek() {
    return queue.peek();
  }

  private synchronized void forget() {
    VolumeEvent unused = queue.remove();
  }

  private void retry(Throwable e) {
    try {
      log.error("%s: an internal step failed (%s); dvdi will try again".formatted(id, e));
    } catch (Throwable another) {
      // No memory to say so.
    }
    while (true) {
      try {
        Future<?> unused =
            shared
                .parts()
                .timers()
                .deadlines()
                .schedule(
                    () -> shared.patient().execute(drain), PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        return;
      } catch (OutOfMemoryError another) {
        Patience.pause();
      }
    }
  }

  /** Applies an event, and carries out the steps but for the action among them. Returns that. */
  private VolumeStep.@Nullable Action apply(VolumeEvent event) {
    VolumeState before = state;
    if (event instanceof VolumeEvent.Wanted wanted && before.record().isEmpty()) {
      life = life(wanted.wish().service());
    }
    VolumeLife.Outcome outcome = life.apply(before, event, shared.parts().now());
    state = outcome.state();
    // From here on, nothing may be thrown, or the event would be applied twice.
    tell(before, outcome.state());
    VolumeStep.Action action = null; // the last step, if there is one
    for (int i = 0; i < outcome.steps().size(); i++) {
      VolumeStep step = outcome.steps().get(i);
      if (step instanceof VolumeStep.Action last) {
        action = last;
      } else {
        told.carryOut(step);
      }
    }
    return action;
  }

  private VolumeEvent done(VolumeStep.Action action) {
    if (!(action instanceof VolumeStep.Unmount) && !(action instanceof VolumeStep.Force)) {
      return shared.actions().done(state, action);
    }
    looks.writeLock().lock(); // a look has a deadline
    try {
      return shared.actions().done(state, action);
    } finally {
      looks.writeLock().unlock();
    }
  }

  private void tell(VolumeState before, VolumeState after) {
    try {
      shared.changes().accept(before, after);
    } catch (Throwable e) {
      told.defect(e);
    }
  }

  /**
   * Applies the events that came during an action, before the end of the action: a container that
   * no longer waits must not be given the volume first.
   */
  private void applyWaiting() {
    for (VolumeEvent event = peek(); event != null; event = peek()) {
      try {
        VolumeStep.Action unused = apply(event); // none: an action is under way
      } catch (Throwable e) {
        return; // memory ran out; it is applied after the action's end
      }
      forget();
    }
  }

  private void wake() {
    Patience.run(() -> add(WOKEN));
    Runnable work = begin();
    if (work != null) {
      shared.patient().execute(work);
    }
  }
}
