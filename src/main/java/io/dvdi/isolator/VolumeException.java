// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import org.jspecify.annotations.Nullable;

/**
 * A container cannot have its volumes. The message is what the framework shows to the task's
 * author.
 */
public final class VolumeException extends Exception {
  private static final long serialVersionUID = 1L;

  VolumeException(String message) {
    this(message, null);
  }

  VolumeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
