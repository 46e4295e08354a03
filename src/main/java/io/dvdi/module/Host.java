// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.bindings.contract.dvdi_answer;
import io.dvdi.bindings.contract.dvdi_bind;
import io.dvdi.bindings.contract.dvdi_entry;
import io.dvdi.bindings.contract.dvdi_h;
import io.dvdi.bindings.contract.dvdi_host;
import io.dvdi.bindings.contract.dvdi_string;
import io.dvdi.isolator.Launch;
import io.dvdi.log.Log;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The host's table of functions. Thread-safe. */
final class Host implements Log {
  private final MemorySegment log;
  private final MemorySegment complete;

  /** An answer for when there is no memory left to make one. */
  private final MemorySegment outOfMemory;

  /**
   * @param table a dvdi_host of the right version
   */
  Host(MemorySegment table) {
    this.log = dvdi_host.log(table);
    this.complete = dvdi_host.complete(table);
    this.outOfMemory =
        failure(
            Arena.global(),
            "the JVM in the agent is out of memory; raise -Xmx in the parameter jvm_options");
  }

  @Override
  public void write(Level level, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment line = dvdi_string.allocate(arena);
      Texts.write(line, text.replace('\n', ' ').replace('\r', ' '), arena);
      dvdi_host.log.invoke(log, number(level), line);
    }
  }

  private static int number(Level level) {
    return switch (level) {
      case INFO -> dvdi_h.DVDI_INFO();
      case WARNING -> dvdi_h.DVDI_WARNING();
      case ERROR -> dvdi_h.DVDI_ERROR();
    };
  }

  /** Answers a call; exactly one of these functions is called for each. Never throws. */
  void done(long call) {
    launch(call, null);
  }

  /** Answers prepare. */
  void launch(long call, @Nullable Launch launch) {
    MemorySegment answer = outOfMemory;
    try (Arena arena = Arena.ofConfined()) {
      try {
        answer = launch == null ? dvdi_answer.allocate(arena) : answer(arena, launch);
      } catch (OutOfMemoryError e) {
        // The answer that was made beforehand is sent.
      }
      dvdi_host.complete.invoke(complete, call, answer);
    }
  }

  /** Answers a call that failed. */
  void failed(long call, String reason) {
    MemorySegment answer = outOfMemory;
    try (Arena arena = Arena.ofConfined()) {
      try {
        answer = failure(arena, reason);
      } catch (OutOfMemoryError e) {
        // As above.
      }
      dvdi_host.complete.invoke(complete, call, answer);
    }
  }

  private static MemorySegment failure(Arena arena, String reason) {
    MemorySegment answer = dvdi_answer.allocate(arena);
    dvdi_answer.failed(answer, 1);
    Texts.write(dvdi_answer.failure(answer), reason, arena);
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
        Texts.write(dvdi_bind.target(struct), bind.target().toString(), arena);
        dvdi_bind.read_only(struct, bind.readOnly() ? 1 : 0);
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
}
