// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.volume.VolumeId;
import java.io.IOException;

/**
 * The port to where records are kept. Different volumes may be written at the same time, one volume
 * may not.
 */
public interface Records {
  /** Returns when the record will survive a crash of the host. */
  void write(VolumeRecord record) throws IOException;

  /** Returns when the removal will survive a crash of the host. No record is no error. */
  void remove(VolumeId id) throws IOException;
}
