// SPDX-License-Identifier: Apache-2.0
package io.dvdi.simulator;

import io.dvdi.volume.Options;
import org.jspecify.annotations.Nullable;

/** A call of ours, from when it is sent until it cannot take effect any more. */
final class Request {
  /** What it asks for. */
  enum Operation {
    CREATE,
    MOUNT,
    UNMOUNT
  }

  final int volume;
  final Operation operation;
  final String mountId;

  /** The life of the agent that sent it. */
  final int sender;

  final long doubtEnds;

  long sentAt;

  /** Whoever sent it is still listening. */
  boolean live = true;

  /** It may still take effect. */
  boolean pending = true;

  /** It takes effect later than the doubt lasts. */
  boolean later;

  /** A schedule that was given up has another number. */
  int schedule;

  /** When it was sent, the volume did not exist, as far as the agent could know. */
  boolean mayCreate;

  /** The last look before it was sent showed something else over the mount. */
  boolean covered;

  @Nullable Fault fate;

  /** What the volume is mounted with. */
  Options options = Options.NONE;

  Request(int volume, Operation operation, String mountId, int sender, long doubtEnds) {
    this.volume = volume;
    this.operation = operation;
    this.mountId = mountId;
    this.sender = sender;
    this.doubtEnds = doubtEnds;
  }
}
