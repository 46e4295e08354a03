// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.lifecycle.Wish.Needs;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.Options;
import org.jspecify.annotations.Nullable;

/** A container, as the host sees it, and what it was given. */
final class Task {
  /** How far it is. */
  enum Stage {
    NEW,
    /** Prepare was called, and is not answered. */
    PREPARING,
    RUNNING,
    /** It failed, it ended, or its agent died before it was launched. */
    OVER
  }

  static final ContainerId[] IDS = new ContainerId[32];

  static {
    for (int i = 0; i < IDS.length; i++) {
      IDS[i] = new ContainerId("c" + i);
    }
  }

  final int number;
  final ContainerId id;
  final int[] volumes;
  final Needs needs;

  /** Those that it gives. */
  final Options options;

  /** Those, and the default options of the agent that it asked. */
  Options wished = Options.NONE;

  /** It writes names in capitals. */
  final boolean capitals;

  Stage stage = Stage.NEW;
  boolean prepareDue;
  boolean cleanupDue;
  long prepareBy;
  long cleanupBy;
  long launchedAt;

  /** When it wished for its volumes; each by its number. */
  final long[] wishedAt = {-1, -1};

  /** It was given this volume and has not given it back. */
  final boolean[] has = {false, false};

  /** It was given this volume, and may have given it back. */
  final boolean[] had = {false, false};

  /** It was told that it does not get this volume. */
  final boolean[] refused = {false, false};

  /** The mount that it has; null: a plain directory. */
  final @Nullable KernelMount[] mounts = {null, null};

  /** The index of the volume that it released last. */
  int released;

  /** An agent after the one that launched it holds its volumes, in an order of its own. */
  boolean recovered;

  Task(int number, int[] volumes, Needs needs, Options options, boolean capitals) {
    this.capitals = capitals;
    this.number = number;
    this.id = IDS[number];
    this.volumes = volumes;
    this.released = volumes.length;
    this.needs = needs;
    this.options = options;
  }

  /** It wished for the volume and has no answer yet. */
  boolean isWaiting(int volume) {
    return stage == Stage.PREPARING && wishedAt[volume] >= 0 && !has[volume] && !refused[volume];
  }

  void letGo() {
    has[0] = false;
    has[1] = false;
  }
}
