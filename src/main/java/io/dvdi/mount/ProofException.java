// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mount;

/** A volume is not where its driver says, or not usable there. */
public final class ProofException extends Exception {
  private static final long serialVersionUID = 1L;

  ProofException(String message) {
    super(message);
  }

  ProofException(String message, Throwable cause) {
    super(message, cause);
  }
}
