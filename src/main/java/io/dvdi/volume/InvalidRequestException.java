// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

/** A request that cannot be served as it was written. The message is for its author. */
public final class InvalidRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, in which variable or field, and what to write instead
   */
  public InvalidRequestException(String message) {
    super(message);
  }

  /** The same, with what was caught. */
  public InvalidRequestException(String message, Throwable cause) {
    super(message, cause);
  }
}
