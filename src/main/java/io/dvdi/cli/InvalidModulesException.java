// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

/** A modules.json that is not one of an agent with the isolator. */
final class InvalidModulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidModulesException(String message) {
    super(message);
  }
}
