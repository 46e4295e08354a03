// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.lifecycle.ContainerEvent;
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
    while (event != null) {
      VolumeEvent result;
      try {
        result = apply(event);
      } catch (Throwable e) {
        // Memory ran out. The event must not be lost: somebody waits for what follows from it.
        unapplied = event;
        retry(e);
        return;
      }
      event = result == null ? next() : result;
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

  /** Applies an event, and carries out the steps. Returns the result of the action among them. */
  private @Nullable VolumeEvent apply(VolumeEvent event) {
    VolumeState before = state;
    if (event instanceof VolumeEvent.Wanted wanted && before.record().isEmpty()) {
      life = life(wanted.wish().service());
    }
    VolumeLife.Outcome outcome = life.apply(before, event, shared.parts().now());
    state = outcome.state();
    // From here on, nothing may be thrown, or the event would be applied twice.
    tell(before, outcome.state());
    VolumeEvent result = null;
    for (int i = 0; i < outcome.steps().size(); i++) {
      VolumeStep step = outcome.steps().get(i);
      if (step instanceof VolumeStep.Action action) {
        result = done(outcome.state(), action);
        applyWaiting();
      } else {
        told.carryOut(step);
      }
    }
    return result;
  }

  private VolumeEvent done(VolumeState after, VolumeStep.Action action) {
    if (!(action instanceof VolumeStep.Unmount) && !(action instanceof VolumeStep.Force)) {
      return shared.actions().done(after, action);
    }
    looks.writeLock().lock(); // a look has a deadline
    try {
      return shared.actions().done(after, action);
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
        VolumeEvent unused = apply(event);
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
