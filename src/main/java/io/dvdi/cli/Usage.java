// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

/** The text of help. */
final class Usage {
  static final String TEXT =
      """
      Usage: dvdi plan [--json] [OPTION...] APP.json...
             dvdi run --state-dir DIR --library FILE [OPTION...] APP.json...
             dvdi volume help
             dvdi help

      Prints the external volumes of Marathon apps. Mounts nothing, and calls no driver. (The command volume is dvdcli's
      command line, and has its own help.)

      plan   Prints each volume of each app: driver, path in the task, mode and options. Values of options that are not
             well known are shown as ***, because they may be secrets.
        --json                 prints JSON
      run    Prints the input for dvdi-agent to run the apps. bin/dvdi run starts dvdi-agent with it.
        --state-dir DIR        the state folder: records, volumes and sandboxes
        --library FILE         the isolator's library, unless --modules names one
        --for TIME             end the tasks after TIME, such as 500ms, 20s, 5m or 2h

      Both check the apps by Marathon's rules, and the volumes by this module's. If one is invalid, they print only
      errors.
        --default-driver NAME  the driver for volumes that name none (default: rexray)
        --modules FILE         use the default_driver in this modules.json; with run, also the library and all parameters
        --marathon 1.1|1.3     how Marathon sends volumes to Mesos: as variables of the task (1.1, also Marathon 1.0), or
                               as volumes of the container (1.3 and later; the default)

      Exit status: 0; 1 if an app is invalid; 2 if the command line is invalid.
      """;

  private Usage() {}
}
