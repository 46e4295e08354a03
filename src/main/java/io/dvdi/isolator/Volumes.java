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
import org.jspecify.annotations.Nullable;

/** The volumes of this host. Different volumes never wait for each other. Thread-safe. */
final class Volumes {
  private final ConcurrentMap<VolumeId, VolumeQueue> all = new ConcurrentHashMap<>();

  /** Volumes of which an earlier agent had more than one, by case. */
  private final Set<VolumeId> toldApart = ConcurrentHashMap.newKeySet();

  private final Policy policy;
  private final VolumeActions actions;
  private final VolumeHistory history;
  private final PatientExecutor patient;
  private final VolumeQueue.Shared shared;
  private final Log log;

  /** Told what becomes of a container's wish. Set before the first event. */
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

  /** What is known of a volume, on disk or not yet. */
  Optional<VolumeRecord> record(VolumeId id) {
    VolumeQueue volume = all.get(id);
    return volume == null ? Optional.empty() : volume.state().record();
  }

  Collection<VolumeState> states() {
    return all.values().stream().map(VolumeQueue::state).toList();
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
      VolumeQueue volume =
          all.computeIfAbsent(id, key -> new VolumeQueue(actions.initial(key), shared));
      if (volume.add(event)) {
        return volume.begin();
      }
    }
  }

  // The start and the end.

  /** Which volume is meant by a name as written (parameter name_case). */
  VolumeId identity(VolumeId written) {
    return policy.compatibility().anyCase() && !toldApart.contains(written.inAnyCase())
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
      if (other != null && policy.compatibility().anyCase()) {
        toldApart.add(other.inAnyCase());
        log.warning(
            "%s and %s are both in use and stay two volumes until the agent is started again without them, although name_case is ignore"
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

  /** Nothing of it is mounted any more, so that no task can be handed another one's data. */
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
