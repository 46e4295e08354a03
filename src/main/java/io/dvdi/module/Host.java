// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.dvdi.bindings.contract.dvdi_answer;
import io.dvdi.bindings.contract.dvdi_bind;
import io.dvdi.bindings.contract.dvdi_entry;
import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.bindings.contract.dvdi_host;
import io.dvdi.bindings.contract.dvdi_mount;
import io.dvdi.bindings.contract.dvdi_string;
import io.dvdi.bindings.contract.dvdi_usage;
import io.dvdi.isolator.Launch;
import io.dvdi.isolator.Metrics.Metric;
import io.dvdi.isolator.VolumeUsage;
import io.dvdi.log.Failure;
import io.dvdi.log.Log;
import io.dvdi.volume.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The host's table of functions. Thread-safe. */
@SuppressWarnings("restricted") // calls the host's functions
final class Host implements Log {
  private static final Duration PAUSE = Duration.ofMillis(10);

  /**
   * All functions of the table take two words: on x86-64 and arm64, a pointer and a number are
   * passed in the same registers. To link another form takes the JVM milliseconds.
   */
  private static final MethodHandle FUNCTION =
      Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));

  private final MemorySegment log;
  private final MemorySegment complete;
  private final MemorySegment measure;

  private final MemorySegment success;

  /** Answers for when none can be made. */
  private final Map<Failure, MemorySegment> failures = new EnumMap<>(Failure.class);

  /**
   * @param table a dvdi_host of the right version
   */
  Host(MemorySegment table) {
    this.log = dvdi_host.log(table);
    this.complete = dvdi_host.complete(table);
    this.measure = dvdi_host.measure(table);
    this.success = dvdi_answer.allocate(Arena.global());
    for (Failure failure : Failure.values()) {
      failures.put(failure, failure(Arena.global(), failure.text()));
    }
  }

  /** Never throws: what is being logged has happened, and what comes after it must happen, too. */
  @Override
  public void write(Level level, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment line = dvdi_string.allocate(arena);
      Texts.write(line, Text.line(text), arena);
      FUNCTION.invokeExact(log, (long) number(level), line.address());
    } catch (Throwable e) {
      // No memory for a line of log.
    }
  }

  private static int number(Level level) {
    return switch (level) {
      case INFO -> dvdi_h.DVDI_INFO();
      case WARNING -> dvdi_h.DVDI_WARNING();
      case ERROR -> dvdi_h.DVDI_ERROR();
    };
  }

  /** Tells the value of a metric. Never throws: what is counted has happened. */
  void measure(Metric metric, long value) {
    try {
      FUNCTION.invokeExact(measure, (long) number(metric), value);
    } catch (Throwable e) {
      // No memory for a number.
    }
  }

  private static int number(Metric metric) {
    return switch (metric) {
      case VOLUMES_MOUNTED -> dvdi_h.DVDI_VOLUMES_MOUNTED();
      case VOLUMES_STUCK -> dvdi_h.DVDI_VOLUMES_STUCK();
      case OPERATIONS -> dvdi_h.DVDI_OPERATIONS();
      case MOUNTS -> dvdi_h.DVDI_MOUNTS();
      case MOUNT_FAILURES -> dvdi_h.DVDI_MOUNT_FAILURES();
      case UNMOUNTS -> dvdi_h.DVDI_UNMOUNTS();
      case UNMOUNT_FAILURES -> dvdi_h.DVDI_UNMOUNT_FAILURES();
      case VOLUMES_LOST -> dvdi_h.DVDI_VOLUMES_LOST();
    };
  }

  /**
   * Answers a call. Exactly one of these functions is called for each; one that throws has not
   * answered, and {@link #failed(long, Failure)} does.
   */
  void done(long call) {
    send(call, success);
  }

  /** Answers prepare. */
  void launch(long call, Launch launch) {
    answer(call, arena -> answer(arena, launch));
  }

  /** Answers usage. */
  void usage(long call, List<VolumeUsage> usage) {
    answer(call, arena -> answer(arena, usage));
  }

  /** Answers watch with a reason for ending the container. */
  void limitation(long call, String reason) {
    answer(
        call,
        arena -> {
          MemorySegment answer = dvdi_answer.allocate(arena);
          Texts.write(dvdi_answer.limitation(answer), Text.line(reason), arena);
          return answer;
        });
  }

  /** Answers a call that failed. */
  void failed(long call, String reason) {
    answer(call, arena -> failure(arena, reason));
  }

  /** Answers a call that failed. Needs no memory, and never throws. */
  void failed(long call, Failure failure) {
    send(call, Objects.requireNonNull(failures.get(failure)));
  }

  /** Sends an answer that was made beforehand where this one cannot be made. */
  private void answer(long call, Function<Arena, MemorySegment> made) {
    boolean sent = false;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = made.apply(arena);
      sent = true;
      send(call, answer);
    } catch (Throwable e) {
      if (!sent) {
        failed(call, Failure.of(e));
      }
    }
  }

  /**
   * The JVM may need memory before it enters C, where nothing is thrown. The host waits for the
   * answer, so this waits for the memory.
   */
  private void send(long call, MemorySegment answer) {
    while (call != Upcall.REHEARSAL) {
      try {
        FUNCTION.invokeExact(complete, call, answer.address());
        return;
      } catch (Throwable e) { // out of memory: nothing else is thrown on this way
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static MemorySegment failure(Arena arena, String reason) {
    MemorySegment answer = dvdi_answer.allocate(arena);
    dvdi_answer.failed(answer, 1);
    Texts.write(dvdi_answer.failure(answer), Text.line(reason), arena);
    return answer;
  }

  private static MemorySegment answer(Arena arena, Launch launch) {
    MemorySegment answer = dvdi_answer.allocate(arena);
    if (!launch.binds().isEmpty()) {
      MemorySegment binds = dvdi_bind.allocateArray(launch.binds().size(), arena);
      for (int i = 0; i < launch.binds().size(); i++) {
        Launch.Bind bind = launch.binds().get(i);
        MemorySegment struct = dvdi_bind.asSlice(binds, i);
        Texts.write(dvdi_bind.source(struct), bind.source().toString(), arena);
        bind.mount().ifPresent(mount -> write(dvdi_bind.mount(struct), mount, arena));
        Texts.write(dvdi_bind.target(struct), bind.target().toString(), arena);
        dvdi_bind.read_only(struct, bind.readOnly() ? 1 : 0);
        dvdi_bind.suid(struct, bind.suid() ? 1 : 0);
      }
      dvdi_answer.binds(answer, binds);
      dvdi_answer.binds_count(answer, launch.binds().size());
    }
    if (!launch.environment().isEmpty()) {
      MemorySegment entries = dvdi_entry.allocateArray(launch.environment().size(), arena);
      int i = 0;
      for (Map.Entry<String, String> variable : launch.environment().entrySet()) {
        MemorySegment struct = dvdi_entry.asSlice(entries, i++);
        Texts.write(dvdi_entry.name(struct), variable.getKey(), arena);
        Texts.write(dvdi_entry.value(struct), variable.getValue(), arena);
      }
      dvdi_answer.environment(answer, entries);
      dvdi_answer.environment_count(answer, launch.environment().size());
    }
    return answer;
  }

  private static void write(MemorySegment struct, Launch.Mount mount, Arena arena) {
    Texts.write(dvdi_mount.device(struct), mount.device(), arena);
    Texts.write(dvdi_mount.root(struct), mount.root(), arena);
    Texts.write(dvdi_mount.mountpoint(struct), mount.mountpoint(), arena);
  }

  private static MemorySegment answer(Arena arena, List<VolumeUsage> usage) {
    MemorySegment answer = dvdi_answer.allocate(arena);
    if (!usage.isEmpty()) {
      MemorySegment volumes = dvdi_usage.allocateArray(usage.size(), arena);
      for (int i = 0; i < usage.size(); i++) {
        VolumeUsage volume = usage.get(i);
        MemorySegment struct = dvdi_usage.asSlice(volumes, i);
        Texts.write(dvdi_usage.driver(struct), volume.id().driver(), arena);
        Texts.write(dvdi_usage.name(struct), volume.id().name(), arena);
        Texts.write(dvdi_usage.mountpoint(struct), volume.mountpoint().toString(), arena);
        dvdi_usage.size(struct, volume.fileSystem().size());
        dvdi_usage.used(struct, volume.fileSystem().used());
      }
      dvdi_answer.usage(answer, volumes);
      dvdi_answer.usage_count(answer, usage.size());
    }
    return answer;
  }
}
