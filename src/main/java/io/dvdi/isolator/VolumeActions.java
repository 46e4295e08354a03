// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.checkpoint.Records;
import io.dvdi.driver.Deadline;
import io.dvdi.driver.VolumeDriver;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountIdentity;
import io.dvdi.lifecycle.Mounts;
import io.dvdi.lifecycle.Places;
import io.dvdi.lifecycle.Rules;
import io.dvdi.lifecycle.Seen;
import io.dvdi.lifecycle.Told;
import io.dvdi.lifecycle.VolumeEvent;
import io.dvdi.lifecycle.VolumeEvent.CallEnd;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.lifecycle.VolumeStep;
import io.dvdi.log.Failure;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Carries out the actions of a volume, and reports how they ended. Blocks as long as that takes.
 * Never throws because of a driver, a disk or the kernel. Thread-safe.
 */
final class VolumeActions {
  /** How many Mounts of one driver may be under way at a time, and how many Unmounts. */
  private static final int MOST_CALLS = 256;

  private final ConcurrentMap<String, Semaphore> mounts = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Semaphore> unmounts = new ConcurrentHashMap<>();
  private final Parts parts;
  private final Records records;
  private final Places places;
  private final Deadlines deadlines;

  VolumeActions(Parts parts, Records records, Places places, Deadlines deadlines) {
    this.parts = parts;
    this.records = records;
    this.places = places;
    this.deadlines = deadlines;
  }

  /** The state of a volume before its first event. */
  VolumeState initial(VolumeId id) {
    return records
        .unreadable(id)
        .map(words -> VolumeState.unreadable(id, words))
        .orElseGet(() -> VolumeState.none(id));
  }

  /**
   * What the volume's life goes by.
   *
   * @param service the kind of its driver; empty if that is not known
   */
  Rules rules(VolumeId id, String service) {
    Policy.Times times = parts.policy().times();
    return new Rules(
        parts.world().freshIds().get() + "-",
        new Rules.Times(
            2 * times.mountTimeout().toMillis(),
            times.firstRetry().toMillis(),
            times.longestRetry().toMillis()),
        parts.drivers().handsOutDirectories(id.driver()),
        !service.isEmpty() && driver(service).mountsItself(),
        records.fileOf(id).toString());
  }

  /** Carries out an action that is not a look, and returns how it ended. */
  VolumeEvent done(VolumeState state, VolumeStep.Action action) {
    try {
      return end(state, action);
    } catch (Throwable e) {
      return defect(action, e);
    }
  }

  /** What was seen by the one who goes on. */
  VolumeEvent looked(VolumeStep.Look look, Looking looking, Seen seen) {
    try {
      return looking.event(seen);
    } catch (Throwable e) {
      return defect(look, e);
    }
  }

  /** The end of a look that takes too long. Does not block. */
  VolumeEvent overdue(VolumeStep.Look look, Looking looking) {
    try {
      return looking.event(looking.overdue());
    } catch (Throwable e) {
      return defect(look, e);
    }
  }

  /** The end of an action that threw. Waits for memory where there is none. */
  VolumeEvent defect(VolumeStep.Action action, Throwable e) {
    while (true) {
      try {
        return end(action, e);
      } catch (OutOfMemoryError another) {
        Patience.pause(); // it was done, or not: it must not be done again
      }
    }
  }

  private VolumeEvent end(VolumeState state, VolumeStep.Action action) throws IOException {
    String service = service(state);
    return switch (action) {
      case VolumeStep.Write write -> {
        records.write(write.record());
        yield new VolumeEvent.Recorded();
      }
      case VolumeStep.Remove remove -> {
        records.remove(state.id());
        yield new VolumeEvent.Recorded();
      }
      case VolumeStep.Ask ask ->
          new VolumeEvent.Answered(
              driver(service)
                  .ask(
                      ask.spelling(),
                      options(state),
                      Deadline.after(parts.policy().times().mountTimeout())));
      case VolumeStep.Look look -> throw new IllegalStateException("a look has a deadline");
      case VolumeStep.Create create ->
          limited(
              mounts,
              create.spelling(),
              () -> driver(service).create(create.spelling(), create.options()));
      case VolumeStep.Mount mount ->
          limited(
              mounts,
              mount.spelling(),
              () -> driver(service).mount(mount.spelling(), mount.options(), mount.mountId()));
      case VolumeStep.Unmount unmount ->
          waiting(
              unmount.spelling(),
              () ->
                  driver(service)
                      .unmount(
                          unmount.spelling(),
                          unmount.mountId(),
                          unmount.path().flatMap(VolumeActions::path),
                          options(state)));
      case VolumeStep.Force force -> {
        parts.mounts().unmount(Path.of(force.path()), force.mount());
        yield new VolumeEvent.Acted("");
      }
      case VolumeStep.Chown chown -> {
        if (chown.mount().isPresent()) {
          Ownership.give(
              parts,
              state.id(),
              Path.of(chown.path()),
              identity(chown.mount().get()),
              chown.owner());
        } else {
          Ownership.keep(parts, state.id(), chown.owner());
        }
        yield new VolumeEvent.Acted("");
      }
    };
  }

  /** An action that threw counts as cut off if it may have taken effect. */
  private static VolumeEvent end(VolumeStep.Action action, Throwable e) {
    String words = words(e);
    return switch (action) {
      case VolumeStep.Write write -> new VolumeEvent.NotRecorded(words);
      case VolumeStep.Remove remove -> new VolumeEvent.NotRecorded(words);
      case VolumeStep.Ask ask ->
          new VolumeEvent.Answered(
              new Told(
                  Told.Existence.NO_ANSWER,
                  Optional.empty(),
                  Optional.empty(),
                  false,
                  Optional.empty(),
                  words));
      case VolumeStep.Look look ->
          new VolumeEvent.Looked(
              new Seen(Moment.UNKNOWN, new Seen.Unknown(words), false, Optional.empty(), false));
      case VolumeStep.Create create -> new VolumeEvent.Ended(new VolumeEvent.CutOff(words));
      case VolumeStep.Mount mount -> new VolumeEvent.Ended(new VolumeEvent.CutOff(words));
      case VolumeStep.Unmount unmount -> new VolumeEvent.Ended(new VolumeEvent.CutOff(words));
      case VolumeStep.Force force -> new VolumeEvent.Acted(words);
      case VolumeStep.Chown chown -> new VolumeEvent.Acted(words);
    };
  }

  private static String words(Throwable e) {
    if (e instanceof IOException) {
      return String.valueOf(e.getMessage());
    }
    return Failure.of(e) == Failure.DEFECT ? e.toString() : Failure.describe(e);
  }

  /** Prepares a look. */
  Looking looking(VolumeState state, VolumeStep.Look look) {
    String service = service(state);
    boolean hostDirectories =
        parts.drivers().handsOutDirectories(state.id().driver())
            || state.record().map(record -> record.terms().hostDirectory()).orElse(false);
    // A driver that mounts by itself mounts at the path itself, and no call is under way. A call of
    // an earlier agent has ended: its process held the lock of the state folder, which this one
    // holds now, and the driver does not answer as long as a program of it still mounts or
    // unmounts.
    boolean callerGone = !service.isEmpty() && driver(service).mountsItself();
    Mounts.Check check =
        parts
            .mounts()
            .check(
                callerGone ? "" : state.id().name(),
                look.path(),
                look.known(),
                state.record().map(record -> record.where().firstAnnounced()),
                hostDirectories);
    return new Looking(
        check, () -> look.path().flatMap(path -> places.owner(state, path)), callerGone);
  }

  /** Has this run if a look that begins now takes too long. */
  Deadlines.Deadline whenOverdue(Runnable overdue) {
    return deadlines.set(parts.mounts().timeout(), overdue);
  }

  void cancel(Deadlines.Deadline deadline) {
    deadlines.cancel(deadline);
  }

  private VolumeEvent limited(
      ConcurrentMap<String, Semaphore> calls, VolumeId id, Supplier<CallEnd> call) {
    Semaphore places = calls.computeIfAbsent(id.driver(), driver -> new Semaphore(MOST_CALLS));
    if (!places.tryAcquire()) {
      return new VolumeEvent.Ended(
          new VolumeEvent.NotSent(
              "its driver is busy with %d other mounts; try again later, and find out why the driver is slow"
                  .formatted(MOST_CALLS)));
    }
    try {
      return new VolumeEvent.Ended(call.get());
    } finally {
      places.release();
    }
  }

  private VolumeEvent waiting(VolumeId id, Supplier<CallEnd> call) {
    Semaphore places = unmounts.computeIfAbsent(id.driver(), driver -> new Semaphore(MOST_CALLS));
    places.acquireUninterruptibly();
    try {
      return new VolumeEvent.Ended(call.get());
    } finally {
      places.release();
    }
  }

  /** Absent where this agent's locale has no such path: only local would need it. */
  private static Optional<Path> path(String path) {
    try {
      return Optional.of(Path.of(path));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private VolumeDriver driver(String service) {
    return parts.drivers().ofKind(service);
  }

  private static String service(VolumeState state) {
    return state
        .record()
        .map(record -> record.terms().service())
        .orElseGet(() -> state.wishes().isEmpty() ? "" : state.wishes().get(0).service());
  }

  private static Options options(VolumeState state) {
    return state
        .record()
        .map(VolumeRecord::terms)
        .map(terms -> terms.options())
        .orElseGet(() -> state.wishes().isEmpty() ? Options.NONE : state.wishes().get(0).options());
  }

  static MountIdentity identity(Evidence mount) {
    return new MountIdentity(
        mount.uniqueId() != 0 ? mount.uniqueId() : mount.mountId(), mount.device());
  }
}
