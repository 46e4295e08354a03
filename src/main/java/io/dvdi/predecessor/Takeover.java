// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import io.dvdi.checkpoint.Predecessors;
import io.dvdi.checkpoint.Records;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.log.Log;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Text;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes over what predecessors have mounted, once: makes a record of each volume that is listed,
 * mounted, and not on record. What is not listed is not touched.
 */
public final class Takeover implements Predecessors {
  private final List<Source> sources;
  private final Finished finished;
  private final Surroundings surroundings;
  private final Records records;
  private final Log log;
  private final Instant booted;

  /**
   * @param memory a file in the state folder that remembers what was taken over
   * @param booted the host was booted then: what was written before is not mounted any more
   */
  public Takeover(
      List<Source> sources,
      Path memory,
      Surroundings surroundings,
      Records records,
      Log log,
      Instant booted) {
    this.sources = List.copyOf(sources);
    this.finished = new Finished(memory);
    this.surroundings = surroundings;
    this.records = records;
    this.log = log;
    this.booted = booted;
  }

  @Override
  public List<VolumeState> takeOver(List<VolumeState> known, Set<ContainerId> alive) {
    List<VolumeState> taken = new ArrayList<>();
    for (Source source : sources) {
      try {
        List<VolumeId> there = new ArrayList<>();
        known.forEach(state -> there.add(state.id()));
        taken.forEach(state -> there.add(state.id()));
        for (VolumeRecord record : takeOver(source, there, alive)) {
          taken.add(VolumeState.recovered(record, alive));
        }
      } catch (NoSuchFileException e) {
        log.info("there is no %s, so nothing is imported from it".formatted(source.path()));
      } catch (IOException | RuntimeException e) {
        log.error(
            "the volumes in %s cannot be imported (%s); if its volumes are still mounted, unmount them by hand"
                .formatted(source.path(), e));
      }
    }
    return taken;
  }

  private List<VolumeRecord> takeOver(Source source, List<VolumeId> known, Set<ContainerId> alive)
      throws IOException {
    Source.Checkpoint checkpoint =
        source.read(
            (file, reason) ->
                log.error(
                    "%s is not readable (%s) and is not imported; if its volumes are still mounted, unmount them by hand"
                        .formatted(file, reason)));
    if (finished.has(source, checkpoint.digest())) {
      return List.of();
    }
    List<VolumeRecord> taken = new ArrayList<>();
    boolean all = true;
    for (Listed listed : listed(source, checkpoint.volumes(), alive)) {
      Optional<VolumeRecord> record;
      try {
        record = record(source, listed, known);
      } catch (IOException e) {
        log.error(
            "%s is not imported, because it is unknown whether it is mounted (%s); the next agent tries it again"
                .formatted(listed.id, e.getMessage()));
        all = false;
        continue;
      }
      if (record.isPresent() && write(record.get())) {
        taken.add(record.get());
      } else {
        all &= record.isEmpty();
      }
    }
    if (all) {
      // Last: after a crash before it, the next agent takes over the rest.
      finish(source, checkpoint.digest());
    }
    return taken;
  }

  /** A volume, and all that hold it. */
  private static final class Listed {
    final VolumeId id;
    final List<ContainerId> users = new ArrayList<>();
    Optional<String> mountpoint = Optional.empty();

    Listed(VolumeId id) {
      this.id = id;
    }
  }

  private List<Listed> listed(Source source, List<HeldVolume> held, Set<ContainerId> alive) {
    Map<VolumeId, Listed> volumes = new LinkedHashMap<>();
    for (HeldVolume one : held) {
      if (one.written().isBefore(booted)) {
        log.info(
            "volume %s of %s was mounted before the host was booted, and is not imported"
                .formatted(Text.quote(one.name()), source.path()));
        continue;
      }
      try {
        VolumeId id = new VolumeId(one.driver(), one.name());
        Listed listed =
            volumes.computeIfAbsent(source.anyCase() ? lower(id) : id, any -> new Listed(id));
        listed.users.add(holder(one.container(), alive));
        listed.mountpoint = listed.mountpoint.or(one::mountpoint);
      } catch (InvalidRequestException e) {
        log.error(
            "a volume of %s is not imported: %s; if it is still mounted, unmount it by hand"
                .formatted(source.path(), e.getMessage()));
      }
    }
    return List.copyOf(volumes.values());
  }

  /** ASCII only, as boost::to_lower_copy does it for mesos-module-dvdi in an agent's locale, C. */
  private static VolumeId lower(VolumeId id) {
    return new VolumeId(lower(id.driver()), lower(id.name()));
  }

  private static String lower(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    text.chars().forEach(c -> lower.append((char) (c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c)));
    return lower.toString();
  }

  /** docker/volume keeps of a nested container's ID the last part only. */
  private static ContainerId holder(String written, Set<ContainerId> alive) {
    return alive.stream()
        .filter(id -> id.value().equals(written) || id.value().endsWith("." + written))
        .findFirst()
        .orElseGet(() -> new ContainerId(written));
  }

  private Optional<VolumeRecord> record(Source source, Listed listed, List<VolumeId> known)
      throws IOException {
    for (VolumeId other : known) {
      if (other.equals(listed.id) || (source.anyCase() && lower(other).equals(lower(listed.id)))) {
        log.info(
            "%s of %s is already on record, and its record is not changed"
                .formatted(listed.id, source.path()));
        return Optional.empty();
      }
    }
    Optional<VolumeRecord> record = surroundings.look(listed.id, listed.mountpoint, listed.users);
    if (record.isEmpty()) {
      log.info(
          "%s is listed in %s for containers %s, but it is not mounted, so there is nothing to import"
              .formatted(listed.id, source.path(), ContainerId.some(listed.users)));
    } else {
      log.info(
          "%s is imported from %s: %s, held by containers %s"
              .formatted(
                  listed.id,
                  source.path(),
                  record
                      .get()
                      .where()
                      .path()
                      .map(path -> "mounted at " + path)
                      .orElse("its driver does not say where it is"),
                  ContainerId.some(listed.users)));
    }
    return record;
  }

  /** Nothing is done with a volume that is not on record. */
  private boolean write(VolumeRecord record) {
    try {
      records.write(record);
      return true;
    } catch (IOException e) {
      log.error(
          "%s is not imported, because its record cannot be written: %s; the next agent tries it again"
              .formatted(record.id(), e.getMessage()));
      return false;
    }
  }

  private void finish(Source source, String digest) {
    try {
      finished.add(source, digest);
    } catch (IOException e) {
      log.warning(
          "the import of %s cannot be recorded (%s), so the next agent repeats it"
              .formatted(source.path(), e.getMessage()));
    }
  }
}
