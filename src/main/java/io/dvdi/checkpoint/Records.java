// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The port to records on disk. Different volumes may be written at the same time. */
public interface Records {
  /**
   * Writes a record so that it survives a crash of the host. What a failure leaves is the old
   * record or the new one.
   */
  void write(VolumeRecord record) throws IOException;

  /** Removes a volume's record; none is no error. */
  void remove(VolumeId id) throws IOException;

  /** Where a volume's record is, for messages. */
  Path fileOf(VolumeId id);

  /** Why a volume's record cannot be read; absent if it can, or if there is none. */
  Optional<String> unreadable(VolumeId id);
}
