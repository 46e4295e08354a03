// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.ContainerEvent.Inquiry;
import io.dvdi.lifecycle.ContainerLife;
import io.dvdi.lifecycle.ContainerState;
import io.dvdi.lifecycle.ContainerStep;
import io.dvdi.lifecycle.ContainerStep.Part;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.log.Failure;
import io.dvdi.volume.AgentLocale;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
    Deadlines.@Nullable Deadline deadline;

    /** What came out of the last event, and how much of it is done. */
    List<ContainerStep> steps = List.of();

    int done;

    Slot(ContainerId id, Preparation.@Nullable Task task, ContainerState state) {
      this.id = id;
      this.task = task;
      this.state = state;
    }
  }

  /**
   * What is to be done after an event was applied, outside of the lock. It is made before the
   * event, and used again for the next: there may be no memory for another one.
   */
  private static final class After {
    final List<Runnable> answers = new ArrayList<>(1);
    final ArrayList<Runnable> work = new ArrayList<>(1);
    @Nullable Inquiry inquiry;
  }

  private static final ContainerEvent WOKEN = new ContainerEvent.Woken();

  private final ConcurrentMap<ContainerId, Slot> all = new ConcurrentHashMap<>();
  private final Parts parts;
  private final Volumes volumes;
  private final Preparation preparation;
  private final Deadlines deadlines;
  private final Patience patient;

  Containers(Parts parts, Volumes volumes, Preparation preparation, Deadlines deadlines) {
    this.parts = parts;
    this.volumes = volumes;
    this.preparation = preparation;
    this.deadlines = deadlines;
    this.patient = new Patience(parts.threads(), parts.timers().deadlines());
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
    try {
      ContainerEvent prepare =
          new ContainerEvent.Prepare(
              parts.now() + parts.policy().times().mountTimeout().toMillis());
      After after = new After();
      parts.threads().execute(() -> work(slot, apply(slot, prepare, after)));
    } catch (RuntimeException | Error e) {
      all.remove(container.id(), slot);
      throw e;
    }
    return slot.launch;
  }

  /**
   * @param answer run once the release of the container's volumes was handled, or mount_timeout has
   *     passed
   * @throws OutOfMemoryError before anything is done
   */
  void cleanup(ContainerId id, Runnable answer) {
    Slot slot = all.get(id);
    if (slot == null) {
      answer.run();
      return;
    }
    ContainerEvent cleanup =
        new ContainerEvent.Cleanup(
            parts.now() + parts.policy().times().unmountTimeout().toMillis());
    After after = new After();
    synchronized (slot) {
      slot.cleanups.add(answer);
    }
    finish(apply(slot, cleanup, after));
  }

  /** Applies an event. Does not block. */
  void tell(ContainerId id, ContainerEvent event) {
    Slot slot = all.get(id);
    if (slot != null) {
      finish(apply(slot, usable(event), new After()));
    }
  }

  /** A path that this agent's locale does not have is on record where an earlier agent's had it. */
  private static ContainerEvent usable(ContainerEvent event) {
    if (event instanceof ContainerEvent.Given given) {
      try {
        Path unused = Path.of(given.path());
      } catch (InvalidPathException e) {
        return new ContainerEvent.Refused(given.volume(), AgentLocale.reason(e));
      }
    }
    return event;
  }

  /**
   * Runs on the thread of a container that is being prepared. Looks up what it asks for, and mounts
   * one of its volumes; the others get threads of their own.
   */
  private void work(Slot slot, After after) {
    while (after.inquiry != null) {
      Inquiry inquiry = after.inquiry;
      after.inquiry = null;
      finish(after);
      apply(slot, answer(slot, inquiry), after);
    }
    Runnable own = after.work.isEmpty() ? null : after.work.remove(after.work.size() - 1);
    finish(after);
    if (own != null) {
      own.run();
    }
  }

  /** Waits for memory where there is none: the container waits for what comes next. */
  private ContainerEvent answer(Slot slot, Inquiry inquiry) {
    while (true) {
      try {
        return preparation.answer(slot.task, inquiry);
      } catch (Throwable e) { // an OutOfMemoryError, or what the bindings made of one
        Patience.pause();
      }
    }
  }

  private void finish(After after) {
    for (int i = 0; i < after.answers.size(); i++) {
      Patience.run(after.answers.get(i));
    }
    for (int i = 0; i < after.work.size(); i++) {
      patient.execute(after.work.get(i));
    }
    after.answers.clear();
    after.work.clear();
  }

  /** Waits for memory where there is none: a release that was lost would never be missed. */
  private After apply(Slot slot, ContainerEvent event, After after) {
    ContainerEvent next = event;
    while (true) {
      try {
        synchronized (slot) {
          doSteps(slot, after); // of an event before this one
          if (next != null) {
            ContainerLife.Outcome outcome = ContainerLife.apply(slot.state, next, parts.now());
            slot.state = outcome.state();
            slot.steps = outcome.steps();
            slot.done = 0;
            next = null;
            doSteps(slot, after);
          }
          if (slot.state.stage() instanceof ContainerState.Over) {
            all.remove(slot.id, slot);
            cancel(slot);
          }
          return after;
        }
      } catch (OutOfMemoryError e) {
        Patience.pause();
      }
    }
  }

  private void doSteps(Slot slot, After after) {
    while (slot.done < slot.steps.size()) {
      try {
        carryOut(slot, slot.steps.get(slot.done), after);
      } catch (RuntimeException | LinkageError e) { // as while the module closes
        parts.log().error("a step could not be carried out: " + e);
        if (slot.steps.get(slot.done) instanceof ContainerStep.Launch) {
          fail(slot, Failure.describe(e), after); // the agent waits for an answer
        }
      }
      slot.done++;
    }
  }

  private void carryOut(Slot slot, ContainerStep step, After after) {
    switch (step) {
      case ContainerStep.Inquire inquire -> after.inquiry = inquire.inquiry();
      case ContainerStep.Want want -> {
        VolumeEvent wanted =
            new VolumeEvent.Wanted(preparation.wish(slot.task, want.part(), want.deadline()));
        queue(want.volume(), wanted, after);
      }
      case ContainerStep.Release release ->
          queue(release.volume(), new VolumeEvent.Released(slot.id), after);
      case ContainerStep.Launch launch -> {
        Launch result = preparation.launch(slot.task, launch.parts());
        after.answers.add(() -> slot.launch.complete(result));
      }
      case ContainerStep.Fail fail -> fail(slot, fail.words(), after);
      case ContainerStep.CleanedUp cleanedUp -> {
        after.answers.addAll(slot.cleanups);
        slot.cleanups.clear();
      }
      case ContainerStep.WakeAt wake -> {
        cancel(slot);
        slot.deadline =
            deadlines.set(
                Duration.ofMillis(wake.moment() - parts.now()),
                () -> finish(apply(slot, WOKEN, new After())));
      }
    }
  }

  private static void fail(Slot slot, String words, After after) {
    after.answers.add(() -> slot.launch.completeExceptionally(new VolumeException(words)));
  }

  /** Queues in the order of the steps: a volume must get the wish before its release. */
  private void queue(VolumeId volume, VolumeEvent event, After after) {
    after.work.ensureCapacity(after.work.size() + 1); // once it is queued, it must be run
    Runnable work = volumes.queued(volume, event);
    if (work != null) {
      after.work.add(work);
    }
  }

  private void cancel(Slot slot) {
    if (slot.deadline != null) {
      deadlines.cancel(slot.deadline);
      slot.deadline = null;
    }
  }
}
