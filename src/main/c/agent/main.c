/* SPDX-License-Identifier: Apache-2.0 */
/* dvdi-agent: runs tasks with external volumes on one machine, without Mesos. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"
#include "launcher.h"
#include "log.h"

enum { STATUS_USAGE = 2 };

static const char usage[] =
    "Usage: dvdi-agent <INPUT\n"
    "       dvdi-agent --help | --version\n"
    "\n"
    "Runs tasks with external volumes as mesos-agent does. Loads the isolator, mounts the volumes of a task, runs\n"
    "the task in its own mount and pid namespace, and unmounts the volumes when it ends. Needs root. bin/dvdi run\n"
    "starts this program.\n"
    "\n"
    "  INPUT  names the isolator and the tasks; src/main/c/agent/input.h describes the format\n"
    "\n"
    "Exit status: that of the first task that failed, or 0.\n"
    "  1      a task's volumes could not be mounted, INPUT is invalid, or the agent could not start\n"
    "  2      the command line is invalid\n"
    "  125    a task's namespaces could not be set up\n"
    "  126    a task's program could not be executed\n"
    "  127    a task's program was not found\n"
    "  128+N  signal N ended the task or the agent\n"
    "\n"
    "If the agent is killed, its tasks keep running. The next agent with the same work_dir recovers them.\n";

/* Options of the isolator's JVM are in modules.json alone. No other thread reads the environment yet. */
static void forget_jvm_options(void) {
  static const char *const names[] = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (getenv(names[i]) != NULL)
      log_line(DVDI_INFO, "The variable %s is ignored; the module parameter jvm_options counts.", names[i]);
    unsetenv(names[i]);
  }
}

static int run(void) {
  forget_jvm_options();
  char reason[8192];
  struct input input;
  if (input_read(stdin, &input, &(struct dvdi_error){reason, sizeof reason}))
    return agent_run(&input);
  log_line(DVDI_ERROR, "%s", reason);
  return 1;
}

int main(int count, char **arguments) {
  if (count >= LAUNCHER_ARGUMENTS && strcmp(arguments[1], LAUNCHER_MODE) == 0)
    _exit(launcher_main(arguments + 2));
  const char *word = count == 2 ? arguments[1] : "";
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
    fputs(usage, stdout);
    return 0;
  }
  if (strcmp(word, "--version") == 0) {
    puts("dvdi-agent " DVDI_RELEASE);
    return 0;
  }
  if (count == 1)
    return run();
  log_line(DVDI_ERROR, "There is no argument %s; see dvdi-agent --help.", arguments[1]);
  return STATUS_USAGE;
}
