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

      Says what external volumes a Marathon app would get. Mounts nothing and asks no driver. (volume does: it is
      dvdcli's command line, and has its own help.)

      plan   Prints each volume of each app: its driver, where the task sees it, whether it may write, and its
             options. Values of options that are not well known may be secrets, and are shown as ***.
        --json                 prints the same as JSON
      run    Prints what dvdi-agent has to be told to run the tasks of the apps. bin/dvdi run starts it with that.
        --state-dir DIR        where everything is kept
        --library FILE         the isolator's library, unless --modules names one
        --for TIME             when the tasks are ended, such as 500ms, 20s, 5m or 2h

      Both check the apps by Marathon's rules and the volumes by this module's, and print nothing but errors when
      one is wrong.
        --default-driver NAME  the driver of volumes that name none (default rexray), as default_driver in modules.json
        --modules FILE         take that driver from the default_driver of this modules.json; with run, also the
                               library and all parameters
        --marathon 1.1|1.3     how volumes are handed over: 1.1, as variables of the task (Marathon 1.0 and 1.1); 1.3,
                               as volumes of its container (Marathon 1.3 and later; the default)

      Exit status: 0, 1 when an app is wrong, 2 when the command line is.
      """;

  private Usage() {}
}
