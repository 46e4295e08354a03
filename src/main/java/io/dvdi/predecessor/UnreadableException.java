// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

/** A checkpoint is not what it should be. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableException(String message) {
    super(message);
  }
}
