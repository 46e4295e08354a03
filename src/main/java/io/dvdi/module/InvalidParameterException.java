// SPDX-License-Identifier: Apache-2.0
package io.dvdi.module;

/** A parameter of modules.json that cannot be used. The message is for the operator. */
final class InvalidParameterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidParameterException(String message) {
    super(message);
  }
}
