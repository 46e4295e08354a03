// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import java.io.IOException;

/** A record that was written by a newer version of this module. */
final class NewerRecordException extends IOException {
  private static final long serialVersionUID = 1L;

  NewerRecordException(int version, int known) {
    super(
        "it was written by a newer version of this module (record version %d; this one supports %d), and is kept"
            .formatted(version, known));
  }
}
