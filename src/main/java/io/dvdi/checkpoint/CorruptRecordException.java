// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file that is not a valid record. */
final class CorruptRecordException extends IOException {
  private static final long serialVersionUID = 1L;

  CorruptRecordException(String message) {
    this(message, null);
  }

  CorruptRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
