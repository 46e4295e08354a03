// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver;

import org.jspecify.annotations.Nullable;

/** A driver did not do what it was asked for. */
public final class DriverException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean uncertain;

  private DriverException(String message, @Nullable Throwable cause, boolean uncertain) {
    super(message, cause);
    this.uncertain = uncertain;
  }

  /** The driver answered that it failed, or was never reached: nothing is going on any more. */
  public static DriverException failed(String message) {
    return new DriverException(message, null, false);
  }

  /** As {@link #failed(String)}, with what was caught. */
  public static DriverException failed(String message, Throwable cause) {
    return new DriverException(message, cause, false);
  }

  /** No answer came; the operation may still succeed, even later. */
  public static DriverException uncertain(String message, Throwable cause) {
    return new DriverException(message, cause, true);
  }

  /** Whether the operation may still be under way, or may have succeeded. */
  public boolean isUncertain() {
    return uncertain;
  }
}
