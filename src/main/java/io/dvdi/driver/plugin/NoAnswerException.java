// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import io.dvdi.driver.DriverWords;
import io.dvdi.volume.Options;

/**
 * A request was sent, at least in part, and no whole answer came back: whether it took effect is
 * not known.
 */
final class NoAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  NoAnswerException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** The message, which may quote the plugin, without the values of options. */
  String words(Options options) {
    return DriverWords.start(getMessage(), options);
  }
}
