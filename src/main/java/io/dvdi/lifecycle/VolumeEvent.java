// SPDX-License-Identifier: Apache-2.0
package io.dvdi.lifecycle;

import io.dvdi.volume.ContainerId;

/** What happens to a volume. */
public sealed interface VolumeEvent {

  /**
   * A container wants it. Answered once by {@link VolumeStep.Give} or {@link VolumeStep.Refuse}.
   */
  record Wanted(Wish wish) implements VolumeEvent {}

  /** A container has ended, or no longer waits. It may never have wanted the volume. */
  record Released(ContainerId container) implements VolumeEvent {}

  /** The moment of {@link VolumeStep.WakeAt} has come, or there is another reason to look again. */
  record Woken() implements VolumeEvent {}

  /** The record was written or removed. */
  record Recorded() implements VolumeEvent {}

  /** The write failed. On disk is the old record or the new one. */
  record NotRecorded(String words) implements VolumeEvent {}

  /** The answer to {@link VolumeStep.Ask}. */
  record Answered(Told told) implements VolumeEvent {}

  /** The result of {@link VolumeStep.Look}. */
  record Looked(Seen seen) implements VolumeEvent {}

  /** A call to the driver ended. */
  record Ended(CallEnd end) implements VolumeEvent {}

  /**
   * The end of {@link VolumeStep.Chown} or {@link VolumeStep.Force}.
   *
   * @param failure why it failed; empty if it succeeded
   */
  record Acted(String failure) implements VolumeEvent {}

  /** How a driver's Create, Mount or Unmount ended. */
  sealed interface CallEnd {}

  /**
   * The driver says that it succeeded.
   *
   * @param path where the volume is, after a Mount; empty otherwise
   * @param readOnly it is mounted read-only on purpose, after a Mount
   * @param hostDirectory it is a directory of the host's own file systems on purpose, after a Mount
   */
  record Succeeded(String path, boolean readOnly, boolean hostDirectory) implements CallEnd {

    /** The driver says that Create or Unmount succeeded. */
    public Succeeded() {
      this("", false, false);
    }

    /** The driver says that it has mounted the volume at this path. */
    public Succeeded(String path, boolean readOnly) {
      this(path, readOnly, false);
    }
  }

  /** The driver says that it failed. */
  record Failed(String words) implements CallEnd {}

  /** The connection broke, or the program died: the call may have taken effect, or still may. */
  record CutOff(String words) implements CallEnd {}

  /** The call was never sent: the driver does not listen. */
  record NotSent(String words) implements CallEnd {}
}
