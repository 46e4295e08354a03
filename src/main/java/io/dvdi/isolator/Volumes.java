// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.Records;
import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.Places;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.VolumeId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The volumes of this host. Different volumes never wait for each other. Thread-safe. */
final class Volumes {
  private final ConcurrentMap<VolumeId, VolumeQueue> all = new ConcurrentHashMap<>();

  private final VolumeActions actions;
  private final VolumeHistory history;
  private final Patience patient;
  private final VolumeQueue.Shared shared;
  private final Places places = new Places();
  private final Spellings spellings = new Spellings();
  private final Log log;

  /** Receives the answers to wishes. Set before the first event. */
  private BiConsumer<ContainerId, ContainerEvent> containers = (container, event) -> {};

  Volumes(Parts parts, Records records, Deadlines deadlines) {
    this.actions = new VolumeActions(parts, records, places, deadlines);
    this.history = new VolumeHistory(parts);
    this.patient = new Patience(parts.threads(), parts.timers().deadlines());
    this.shared =
        new VolumeQueue.Shared(
            parts,
            actions,
            this::changed,
            patient,
            (container, event) -> containers.accept(container, event),
            volume -> all.remove(volume.id(), volume));
    this.log = parts.log();
  }

  void answerTo(BiConsumer<ContainerId, ContainerEvent> told) {
    containers = told;
  }

  private void changed(VolumeState before, VolumeState after) {
    Patience.run(() -> spellings.update(before, after));
    Patience.run(() -> places.update(after).ifPresent(next -> tell(next, new VolumeEvent.Woken())));
    history.tell(before, after);
  }

  // What is known.

  /** The volume that a driver and a name stand for, as far as that is on record. */
  VolumeId named(VolumeId written) {
    return all.containsKey(written) ? written : spellings.volume(written);
  }

  /** What is known of a volume, even if it is not on disk yet. */
  Optional<VolumeRecord> record(VolumeId id) {
    VolumeQueue volume = all.get(id);
    return volume == null ? Optional.empty() : volume.state().record();
  }

  /**
   * Has somebody look at a volume's mount, if a container holds it. It is not unmounted meanwhile.
   *
   * @param look has a deadline
   */
  <T> Optional<T> look(VolumeId id, Function<VolumeRecord, Optional<T>> look) {
    VolumeQueue volume = all.get(id);
    return volume == null ? Optional.empty() : volume.look(look);
  }

  Collection<VolumeState> states() {
    return all.values().stream().map(VolumeQueue::state).toList();
  }

  // What happens.

  /** Queues an event, which another thread applies. */
  void tell(VolumeId id, VolumeEvent event) {
    Runnable work = queued(id, event);
    if (work != null) {
      patient.execute(work);
    }
  }

  /**
   * Queues an event.
   *
   * @return what the caller has to run, on any thread; null if a thread is at work already
   */
  @Nullable Runnable queued(VolumeId id, VolumeEvent event) {
    while (true) {
      VolumeQueue volume =
          all.computeIfAbsent(id, key -> new VolumeQueue(actions.initial(key), shared));
      if (volume.add(event)) {
        return volume.begin();
      }
    }
  }

  // The start and the end.

  /** The names of drivers that may have volumes mounted. */
  Set<String> drivers() {
    return all.keySet().stream().map(VolumeId::driver).collect(Collectors.toSet());
  }

  /** Takes over volumes as an earlier agent left them, and does nothing with them yet. */
  void adopt(List<VolumeState> states) {
    // A place belongs to the volume that containers hold.
    Predicate<VolumeState> held =
        state -> !state.record().map(VolumeRecord::users).orElse(List.of()).isEmpty();
    states.stream().filter(held).forEach(this::adopt);
    states.stream().filter(held.negate()).forEach(this::adopt);
  }

  private void adopt(VolumeState state) {
    VolumeId key = state.id();
    VolumeQueue volume;
    try {
      volume = new VolumeQueue(state, shared);
    } catch (InvalidRequestException e) {
      String words = String.valueOf(e.getMessage());
      log.error(
          "%s cannot be recovered (%s), and is left alone until the host is booted"
              .formatted(key, words));
      volume = new VolumeQueue(VolumeState.unreadable(key, words), shared);
    }
    all.put(key, volume);
    places.adopt(volume.state());
    spellings.adopt(volume.state());
    history.adopt(volume.state());
  }

  /** Goes on with what an earlier agent left, and waits a while for volumes that nobody holds. */
  void awaken(Duration time) {
    all.keySet().forEach(id -> tell(id, new VolumeEvent.Woken()));
    if (!quiet(time)) {
      log.warning(
          "some volumes of ended containers are not unmounted yet; dvdi goes on unmounting them in"
              + " the background");
    }
  }

  /** Waits until nothing is under way; returns false if that takes too long. */
  boolean quiet(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (all.values().stream().anyMatch(VolumeQueue::isBusy)) {
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
}
