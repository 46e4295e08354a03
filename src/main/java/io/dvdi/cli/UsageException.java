// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

/** A command line that cannot be understood. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
