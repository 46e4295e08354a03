// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

import io.dvdi.bindings.contract.dvdi_h;
import java.util.Objects;

/** Kinds of failure that are not the task's, with what to change. Allocates nothing. */
enum Failure {
  NO_MEMORY(
      dvdi_h.DVDI_OUT_OF_MEMORY(),
      "the JVM in the agent is out of memory; raise -Xmx in the parameter jvm_options"),
  NO_THREAD(
      dvdi_h.DVDI_NO_THREAD(),
      "the agent cannot start another thread; raise its limit of threads (TasksMax of its systemd"
          + " unit, pids.max of its cgroup, ulimit -u)"),
  NO_STACK(
      dvdi_h.DVDI_NO_STACK(),
      "the stack of a thread of the agent is exhausted; raise the agent's stack size (LimitSTACK of"
          + " its systemd unit, ulimit -s)"),
  NOT_LOADED(
      dvdi_h.DVDI_NOT_LOADED(),
      "a class of the module could not be loaded, because its jars changed while the agent ran or"
          + " because memory was short; restart the agent"),
  DEFECT(dvdi_h.DVDI_FAULT(), "a bug in the module");

  /** HotSpot has one kind of Error for a full heap and for the limit of threads. */
  private static final String THREAD = "unable to create native thread";

  /** The bindings wrap what a call into C throws. */
  private static final int DEEPEST = 8;

  private final int code;
  private final String text;

  Failure(int code, String text) {
    this.code = code;
    this.text = text;
  }

  static Failure of(Throwable thrown) {
    Throwable at = thrown;
    for (int depth = 0; at != null && depth < DEEPEST; depth++) {
      if (at instanceof OutOfMemoryError) {
        String message = Objects.requireNonNullElse(at.getMessage(), "");
        return message.startsWith(THREAD) ? NO_THREAD : NO_MEMORY;
      }
      if (at instanceof StackOverflowError) {
        return NO_STACK;
      }
      if (at instanceof LinkageError) {
        return NOT_LOADED;
      }
      at = at.getCause();
    }
    return DEFECT;
  }

  /** What a refused call returns. */
  int code() {
    return code;
  }

  /** For a person. */
  String text() {
    return text;
  }
}
