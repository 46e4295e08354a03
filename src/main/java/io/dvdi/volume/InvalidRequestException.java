// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

/** An invalid request. The message is for the person who wrote the task. */
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
