// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli.volume;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The flags, in the order in which they are listed. */
enum Flag {
  EXPLICITCREATE("[=false]", "Explicit create flag to disable creating volumes that don't exist"),
  MOUNTID("=\"\"", "Mount ID for the plugin (default: derived from both names)"),
  VOLUMEOPTS("=[]", "Volume options"),
  HELP("[=false]", "Help about a command"),
  TIMEOUT("=2m", "Deadline for the whole command, such as 90s or 5m"),
  VOLUMEDRIVER("=\"\"", "Volume driver"),
  VOLUMENAME("=\"\"", "Volume name");

  private final String byDefault;
  private final String text;

  Flag(String byDefault, String text) {
    this.byDefault = byDefault;
    this.text = text;
  }

  /** The flag of this name, without its dashes. */
  static Optional<Flag> of(String name) {
    // dvdcli's README has --explicitCreate.
    String known = name.equals("explicitCreate") ? "explicitcreate" : name;
    return Arrays.stream(values()).filter(flag -> flag.word().equals(known)).findFirst();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Alone, it means true; a word after it is not its value. */
  boolean isBoolean() {
    return this == EXPLICITCREATE || this == HELP;
  }

  /** Whether all commands have it. */
  boolean isGlobal() {
    return Arrays.stream(Command.values()).allMatch(this::belongsTo);
  }

  boolean belongsTo(Command command) {
    return switch (this) {
      case EXPLICITCREATE -> command == Command.MOUNT;
      case MOUNTID -> command == Command.MOUNT || command == Command.UNMOUNT;
      case VOLUMEOPTS -> command == Command.CREATE || command == Command.MOUNT;
      case HELP, TIMEOUT, VOLUMEDRIVER, VOLUMENAME -> true;
    };
  }

  /** Its line of help. */
  String usage() {
    return (this == HELP ? "  -h, --" : "      --") + word() + byDefault + ": " + text;
  }
}
