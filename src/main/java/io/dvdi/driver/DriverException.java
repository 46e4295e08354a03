// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import org.jspecify.annotations.Nullable;

/**
 * A driver could not do what it was asked for. The message is for the person who reads the task's
 * status.
 */
public final class DriverException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean uncertain;

  private DriverException(String message, @Nullable Throwable cause, boolean uncertain) {
    super(message, cause);
    this.uncertain = uncertain;
  }

  /** The driver reported a failure, or could not be reached. The operation has ended. */
  public static DriverException failed(String message) {
    return new DriverException(message, null, false);
  }

  /** As {@link #failed(String)}, with a cause. */
  public static DriverException failed(String message, Throwable cause) {
    return new DriverException(message, cause, false);
  }

  /** The driver did not answer. The operation may have succeeded, or may still succeed. */
  public static DriverException uncertain(String message, Throwable cause) {
    return new DriverException(message, cause, true);
  }

  /** Whether the operation may still succeed, or may have succeeded. */
  public boolean isUncertain() {
    return uncertain;
  }
}
