// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The port to the records on disk. Thread-safe for different volumes. */
public interface Records {
  /**
   * Writes a record durably: it survives a crash of the host. After a failure, the file has the old
   * content or the new.
   */
  void write(VolumeRecord record) throws IOException;

  /** Removes a volume's record. Does nothing if there is none. */
  void remove(VolumeId id) throws IOException;

  /** The file of a volume's record, for messages. */
  Path fileOf(VolumeId id);

  /** Why a volume's record cannot be read; absent if it can, or if there is none. */
  Optional<String> unreadable(VolumeId id);
}
