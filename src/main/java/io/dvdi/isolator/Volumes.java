// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.lifecycle.ContainerEvent;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.VolumeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The volumes of this host. Different volumes never wait for each other. Thread-safe. */
final class Volumes {
  private final ConcurrentMap<VolumeId, VolumeQueue> all = new ConcurrentHashMap<>();

  /** Names, in any case, for which an earlier agent had two volumes that differ in case. */
  private final Set<VolumeId> toldApart = ConcurrentHashMap.newKeySet();

  private final Policy policy;
  private final VolumeActions actions;
  private final VolumeHistory history;
  private final PatientExecutor patient;
  private final VolumeQueue.Shared shared;
  private final Log log;

  /** Receives the answers to wishes. Set before the first event. */
  private BiConsumer<ContainerId, ContainerEvent> containers = (container, event) -> {};

  Volumes(Parts parts, VolumeActions actions) {
    this.policy = parts.policy();
    this.actions = actions;
    this.history = new VolumeHistory(parts);
    this.patient = new PatientExecutor(parts.threads(), parts.timers().deadlines());
    this.shared =
        new VolumeQueue.Shared(
            parts,
            actions,
            history,
            patient,
            (container, event) -> containers.accept(container, event),
            volume -> all.remove(volume.id(), volume));
    this.log = parts.log();
  }

  void answerTo(BiConsumer<ContainerId, ContainerEvent> told) {
    containers = told;
  }

  // What is known.

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

  /** Which volume a name means, as written (parameter name_case). */
  VolumeId identity(VolumeId written) {
    return policy.compatibility().anyCase() && !toldApart.contains(written.inAnyCase())
        ? written.inAnyCase()
        : written;
  }

  /**
   * Takes over volumes as an earlier agent left them, and does nothing with them yet. Two volumes
   * that differ in case stay two as long as this agent runs: it would be worse to give a task the
   * other volume's data.
   */
  List<VolumeId> adopt(List<VolumeState> states) {
    Map<VolumeId, VolumeId> first = new HashMap<>();
    for (VolumeState state : states) {
      if (isOfEarlierBoot(state)) {
        continue;
      }
      VolumeId other = first.putIfAbsent(state.id().inAnyCase(), state.id());
      if (other != null && policy.compatibility().anyCase()) {
        toldApart.add(other.inAnyCase());
        log.warning(
            "%s and %s differ only in case, but both are in use, and so they stay two volumes although name_case is ignore; end their tasks and restart the agent to make them one"
                .formatted(other, state.id()));
      }
    }
    Set<VolumeId> taken = new HashSet<>();
    for (VolumeState state : states) {
      if (!isOfEarlierBoot(state)) {
        taken.add(identity(state.id()));
      }
    }
    List<VolumeId> keys = new ArrayList<>();
    for (VolumeState state : states) {
      VolumeId key = identity(state.id());
      // Of two from before the boot, each has a file of its own, which only one may write.
      boolean another = isOfEarlierBoot(state) && !taken.add(key);
      keys.add(adopt(another ? state : state.as(key)));
    }
    return keys;
  }

  /**
   * Whether it is of an earlier boot: it is no longer mounted, so that no task can get its data.
   */
  private static boolean isOfEarlierBoot(VolumeState state) {
    return state.record().stream()
        .flatMap(record -> record.mountIds().stream())
        .anyMatch(id -> id.mount() == MountId.MountCall.EARLIER_BOOT);
  }

  private VolumeId adopt(VolumeState state) {
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
    history.adopt(volume.state());
    return key;
  }

  /** Goes on with what an earlier agent left, and waits a while for volumes that nobody holds. */
  void awaken(List<VolumeId> ids, Duration time) {
    ids.forEach(id -> tell(id, new VolumeEvent.Woken()));
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
