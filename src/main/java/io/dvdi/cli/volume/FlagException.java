// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import java.util.Optional;

/** A command line that cannot be understood. */
final class FlagException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Not serialised, as nobody does. */
  private final transient Optional<Command> command;

  /**
   * @param command whose usage it is about; absent: that of all
   */
  FlagException(Optional<Command> command, String message) {
    super(message);
    this.command = command;
  }

  Optional<Command> command() {
    return command;
  }
}
