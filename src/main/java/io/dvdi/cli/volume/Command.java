// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The commands, in the order in which they are listed. */
enum Command {
  CREATE("Create a volume"),
  REMOVE("Remove a volume"),
  MOUNT("Mount a volume"),
  UNMOUNT("Unmount a volume"),
  PATH("Path of a volume"),
  GET("Get a volume"),
  LIST("List a volume"),
  VERSION("Print the version");

  private final String text;

  Command(String text) {
    this.text = text;
  }

  static Optional<Command> of(String word) {
    return Arrays.stream(values()).filter(command -> command.word().equals(word)).findFirst();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it does, for help. */
  String text() {
    return text;
  }
}
