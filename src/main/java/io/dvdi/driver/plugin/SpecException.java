// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.plugin;

import org.jspecify.annotations.Nullable;

/**
 * A plugin is described in a way that cannot be used. The message begins with a verb; the file is
 * its subject.
 */
final class SpecException extends Exception {
  private static final long serialVersionUID = 1L;

  SpecException(String message) {
    this(message, null);
  }

  SpecException(String message, @Nullable Exception cause) {
    super(message, cause);
  }
}
