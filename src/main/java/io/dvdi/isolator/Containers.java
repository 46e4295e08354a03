// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.ContainerEvent.Inquiry;
import io.dvdi.lifecycle.ContainerLife;
import io.dvdi.lifecycle.ContainerState;
import io.dvdi.lifecycle.ContainerStep;
import io.dvdi.lifecycle.ContainerStep.Part;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The containers that were prepared, or are being prepared. The events of a container are applied
 * under its lock, and nothing blocks under that lock. Thread-safe.
 */
final class Containers {

  /** One container. Guarded by itself. */
  private static final class Slot {
    final CompletableFuture<Launch> launch = new CompletableFuture<>();
    final List<Runnable> cleanups = new ArrayList<>(1);
    final Preparation.@Nullable Task task;
    final ContainerId id;
    ContainerState state;
    @Nullable Future<?> timer;

    Slot(ContainerId id, Preparation.@Nullable Task task, ContainerState state) {
      this.id = id;
      this.task = task;
      this.state = state;
    }
  }

  /** What is to be done after an event was applied, outside of the lock. */
  private static final class After {
    final List<Runnable> answers = new ArrayList<>(1);
    final List<Runnable> work = new ArrayList<>(1);
    @Nullable Inquiry inquiry;
  }

  private final ConcurrentMap<ContainerId, Slot> all = new ConcurrentHashMap<>();
  private final Parts parts;
  private final Volumes volumes;
  private final Preparation preparation;
  private final PatientExecutor patient;

  Containers(Parts parts, Volumes volumes, Preparation preparation) {
    this.parts = parts;
    this.volumes = volumes;
    this.preparation = preparation;
    this.patient = new PatientExecutor(parts.threads(), parts.timers().deadlines());
    volumes.answerTo(this::tell);
  }

  /** Adds a container that holds volumes, according to the records of an earlier agent. */
  void adopt(ContainerId id, List<VolumeId> held) {
    all.put(id, new Slot(id, null, ContainerState.holding(held)));
  }

  List<VolumeId> volumesOf(ContainerId id) {
    Slot slot = all.get(id);
    if (slot == null) {
      return List.of();
    }
    synchronized (slot) {
      return slot.state.stage() instanceof ContainerState.Holding
          ? slot.state.parts().stream().map(Part::volume).toList()
          : List.of();
    }
  }

  CompletableFuture<Launch> prepare(Container container) {
    Slot slot = new Slot(container.id(), preparation.of(container), ContainerState.unknown());
    if (all.putIfAbsent(container.id(), slot) != null) {
      return CompletableFuture.failedFuture(
          new VolumeException("Container has already been prepared"));
    }
    long deadline = parts.now() + parts.policy().mountTimeout().toMillis();
    try {
      parts.threads().execute(() -> work(slot, apply(slot, new ContainerEvent.Prepare(deadline))));
    } catch (RuntimeException | Error e) {
      all.remove(container.id(), slot);
      throw e;
    }
    return slot.launch;
  }

  /**
   * @param answer run once the release of the container's volumes was handled, or unmount_timeout
   *     has passed
   */
  void cleanup(ContainerId id, Runnable answer) {
    Slot slot = all.get(id);
    if (slot == null) {
      answer.run();
      return;
    }
    synchronized (slot) {
      slot.cleanups.add(answer);
    }
    long deadline = parts.now() + parts.policy().unmountTimeout().toMillis();
    finish(apply(slot, new ContainerEvent.Cleanup(deadline)));
  }

  /** Applies an event. Does not block. */
  void tell(ContainerId id, ContainerEvent event) {
    Slot slot = all.get(id);
    if (slot != null) {
      finish(apply(slot, event));
    }
  }

  /**
   * Runs on the thread of a container that is being prepared. Looks up what it asks for, and mounts
   * one of its volumes; the others get threads of their own.
   */
  private void work(Slot slot, After first) {
    After after = first;
    while (after.inquiry != null) {
      Inquiry inquiry = after.inquiry;
      after.inquiry = null;
      finish(after);
      after = apply(slot, preparation.answer(slot.task, inquiry));
    }
    after.answers.forEach(Runnable::run);
    int last = after.work.size() - 1;
    for (int i = 0; i < last; i++) {
      patient.execute(after.work.get(i));
    }
    if (last >= 0) {
      after.work.get(last).run();
    }
  }

  private void finish(After after) {
    after.answers.forEach(Runnable::run);
    after.work.forEach(patient::execute);
  }

  private After apply(Slot slot, ContainerEvent event) {
    After after = new After();
    synchronized (slot) {
      ContainerLife.Outcome outcome = ContainerLife.apply(slot.state, event, parts.now());
      slot.state = outcome.state();
      for (ContainerStep step : outcome.steps()) {
        carryOut(slot, step, after);
      }
      if (slot.state.stage() instanceof ContainerState.Over) {
        all.remove(slot.id, slot);
        cancel(slot);
      }
    }
    return after;
  }

  private void carryOut(Slot slot, ContainerStep step, After after) {
    switch (step) {
      case ContainerStep.Inquire inquire -> after.inquiry = inquire.inquiry();
      case ContainerStep.Want want -> {
        VolumeEvent wanted =
            new VolumeEvent.Wanted(preparation.wish(slot.task, want.volume(), want.deadline()));
        queue(want.volume(), wanted, after);
      }
      case ContainerStep.Release release ->
          queue(release.volume(), new VolumeEvent.Released(slot.id), after);
      case ContainerStep.Launch launch -> {
        Launch result = preparation.launch(slot.task, launch.parts());
        after.answers.add(() -> slot.launch.complete(result));
      }
      case ContainerStep.Fail fail ->
          after.answers.add(
              () -> slot.launch.completeExceptionally(new VolumeException(fail.words())));
      case ContainerStep.CleanedUp cleanedUp -> {
        after.answers.addAll(slot.cleanups);
        slot.cleanups.clear();
      }
      case ContainerStep.WakeAt wake -> {
        cancel(slot);
        slot.timer =
            parts
                .timers()
                .deadlines()
                .schedule(
                    () -> finish(apply(slot, new ContainerEvent.Woken())),
                    Math.max(1, wake.moment() - parts.now()),
                    TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Queues in the order of the steps: a volume must get the wish before its release. */
  private void queue(VolumeId volume, VolumeEvent event, After after) {
    Runnable work = volumes.queued(volume, event);
    if (work != null) {
      after.work.add(work);
    }
  }

  private static void cancel(Slot slot) {
    if (slot.timer != null) {
      slot.timer.cancel(false);
      slot.timer = null;
    }
  }
}
