// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.VolumeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the volumes on record are. Several at one path are one volume, for which its driver has
 * several names. They wait in a line for their place: only the first of them is given to
 * containers, and unmounted. It keeps the place until its record is gone, or until it can only try
 * again later. Thread-safe.
 */
public final class Places {
  /** By path, the volumes in the order of their turns. Guarded by this object. */
  private final Map<String, List<VolumeId>> lines = new HashMap<>();

  /** The paths of the volumes that are in a line. Guarded by this object. */
  private final Map<VolumeId, String> paths = new HashMap<>();

  /** Adds a volume as an earlier agent left it. */
  public synchronized void adopt(VolumeState state) {
    state
        .record()
        .flatMap(record -> record.where().path())
        .ifPresent(
            path -> {
              Optional<VolumeId> unused = owner(state, path);
            });
  }

  /**
   * Adds a volume that is being looked at, if the driver may know one of its mount IDs.
   *
   * @param path where the driver says that it is
   * @return the other volume that the place belongs to; absent if there is none
   */
  public synchronized Optional<VolumeId> owner(VolumeState state, String path) {
    VolumeId id = state.id();
    if (isKnown(state) && !path.equals(paths.get(id))) {
      Optional<VolumeId> unused = leave(id);
      lines.computeIfAbsent(path, any -> new ArrayList<>(1)).add(id);
      paths.put(id, path);
    }
    List<VolumeId> line = lines.getOrDefault(path, List.of());
    return line.isEmpty() || line.get(0).equals(id) ? Optional.empty() : Optional.of(line.get(0));
  }

  /**
   * Notes what an event has changed.
   *
   * @return a volume to wake, since a place belongs to it now; absent if there is none
   */
  public synchronized Optional<VolumeId> update(VolumeState state) {
    if (!isKnown(state)) {
      return leave(state.id());
    }
    String path = paths.get(state.id());
    if (path != null && canOnlyTryAgain(state)) {
      List<VolumeId> line = Objects.requireNonNull(lines.get(path));
      line.remove(state.id());
      line.add(state.id());
    }
    return Optional.empty();
  }

  private static boolean isKnown(VolumeState state) {
    return state.record().map(record -> !record.mountIds().isEmpty()).orElse(false);
  }

  /** Without this, two volumes at one path could wait for each other. */
  private static boolean canOnlyTryAgain(VolumeState state) {
    VolumeRecord record = state.record().orElseThrow();
    return state.doing() instanceof Doing.Resting
        && state.wishes().isEmpty()
        && record.users().isEmpty()
        && record.mountIds().stream().noneMatch(MountId::isInDoubt);
  }

  private Optional<VolumeId> leave(VolumeId id) {
    String path = paths.remove(id);
    List<VolumeId> line = path == null ? List.of() : lines.getOrDefault(path, List.of());
    boolean first = !line.isEmpty() && line.get(0).equals(id);
    if (path != null) {
      line.remove(id);
      if (line.isEmpty()) {
        lines.remove(path);
      }
    }
    return first && !line.isEmpty() ? Optional.of(line.get(0)) : Optional.empty();
  }
}
