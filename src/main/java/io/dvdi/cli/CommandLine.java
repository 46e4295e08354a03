// SPDX-License-Identifier: Apache-2.0
package io.dvdi.cli;

import io.dvdi.linux.OwnFolder;
import io.dvdi.marathon.App;
import io.dvdi.marathon.AppGroup;
import io.dvdi.marathon.AppReader;
import io.dvdi.marathon.InvalidAppException;
import io.dvdi.marathon.Json;
import io.dvdi.marathon.Task;
import io.dvdi.volume.InvalidRequestException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of the command line. All apps are read before anything is printed, so that output is
 * whole or nothing.
 */
final class CommandLine {
  static final int DONE = 0;
  static final int BAD_APP = 1;
  static final int BAD_USAGE = 2;

  private final PrintStream out;
  private final PrintStream err;

  CommandLine(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Runs the command that is given, and returns the exit status. */
  int run(String... words) {
    Arguments arguments;
    try {
      arguments = Arguments.parse(words);
    } catch (InvalidModulesException e) {
      error(String.valueOf(e.getMessage()));
      return BAD_USAGE;
    } catch (UsageException e) {
      error(e.getMessage() + "; see bin/dvdi --help");
      return BAD_USAGE;
    }
    int status =
        switch (arguments.command()) {
          case HELP -> print(Usage.TEXT);
          case RUN -> runTasks(arguments);
          case PLAN -> plan(arguments);
        };
    out.flush();
    if (out.checkError()) {
      error("standard output cannot be written; is the disk full, or did its reader end?");
      return BAD_APP;
    }
    return status;
  }

  private int print(String text) {
    out.print(text);
    return DONE;
  }

  private int runTasks(Arguments arguments) {
    AgentOptions options = arguments.agent().orElseThrow();
    try {
      OwnFolder.check(Path.of(options.workDir()).toAbsolutePath());
    } catch (IOException e) {
      error("--state-dir cannot be used: " + e.getMessage());
      return BAD_USAGE;
    }
    AgentInput input = new AgentInput(options);
    boolean good =
        forEachApp(
            arguments,
            task -> {
              // Checked, and then left to the module, which reads it again from the task.
              task.requests(arguments.defaultDriver());
              input.add(task);
            });
    return good ? print(input.toString()) : BAD_APP;
  }

  private int plan(Arguments arguments) {
    List<Plan> plans = new ArrayList<>();
    boolean good =
        forEachApp(
            arguments,
            task -> plans.add(new Plan(task.app().id(), task.requests(arguments.defaultDriver()))));
    if (!good) {
      return BAD_APP;
    }
    return print(arguments.json() ? Json.write(PlanJson.of(plans)) + "\n" : PlanTable.of(plans));
  }

  /**
   * What a command does with an app. It may throw both kinds of exception that are its author's
   * fault.
   */
  private interface Action {
    void accept(Task task);
  }

  /** Says what is wrong with each app that is wrong; false if one was. */
  private boolean forEachApp(Arguments arguments, Action action) {
    AppGroup group = new AppGroup();
    boolean good = true;
    for (String file : arguments.files()) {
      try {
        App app = AppReader.read(AppFile.read(file), arguments.form());
        app.remarks().warnings().forEach(warning -> say("warning", file + ": " + warning));
        group.add(app);
        action.accept(Task.of(app, arguments.form()));
      } catch (InvalidAppException | InvalidRequestException e) {
        error(file + ": " + e.getMessage());
        good = false;
      } catch (IOException e) {
        error(file + ": cannot be read: " + AppFile.reason(e));
        good = false;
      }
    }
    return good;
  }

  private void error(String text) {
    say("error", text);
  }

  /** One line, whatever is in the text: names of files and parts of JSON are anybody's. */
  private void say(String level, String text) {
    StringBuilder line = new StringBuilder("dvdi: ").append(level).append(": ");
    text.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    err.println(line);
  }
}
