// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

/**
 * An app that Marathon would refuse, or that cannot become a task here. The message is for its
 * author.
 */
public final class InvalidAppException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Takes what is wrong.
   *
   * @param message where it is wrong, why, and what to write instead
   */
  public InvalidAppException(String message) {
    super(message);
  }
}
