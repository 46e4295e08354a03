// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

/** Nothing was sent that has an effect: trying again is safe. */
final class NotReachedException extends Exception {
  private static final long serialVersionUID = 1L;

  NotReachedException(String message) {
    super(message);
  }

  NotReachedException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
