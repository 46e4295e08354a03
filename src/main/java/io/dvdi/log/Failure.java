// SPDX-License-Identifier: Apache-2.0
package io.dvdi.log;

import java.util.Objects;

/**
 * Kinds of failure that are not the task's, with what to change. Allocates nothing, except in
 * {@link #describe}.
 */
public enum Failure {
  NO_MEMORY("the JVM in the agent is out of memory; raise -Xmx in the parameter jvm_options"),
  NO_THREAD(
      "the agent cannot start another thread; raise its limit of threads (TasksMax of its systemd"
          + " unit, pids.max of its cgroup, ulimit -u)"),
  NO_STACK(
      "the stack of a thread of the agent is exhausted; raise the agent's stack size (LimitSTACK of"
          + " its systemd unit, ulimit -s)"),
  NOT_LOADED(
      "a class of the module could not be loaded, because its jars changed while the agent ran or"
          + " because memory was short; restart the agent"),
  DEFECT("a bug in the module");

  /** HotSpot has one kind of Error for a full heap and for the limit of threads. */
  private static final String THREAD = "unable to create native thread";

  /** The bindings wrap what a call into C throws. */
  private static final int DEEPEST = 8;

  private final String text;

  Failure(String text) {
    this.text = text;
  }

  /** The kind of failure that a Throwable means. */
  public static Failure of(Throwable thrown) {
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

  /** For a person: what happened, and what to change. */
  public String text() {
    return text;
  }

  /** The same, with the Throwable where it says more. */
  public static String describe(Throwable thrown) {
    Failure kind = of(thrown);
    return kind == NO_MEMORY || kind == NO_THREAD ? kind.text : kind.text + ": " + thrown;
  }
}
