/* SPDX-License-Identifier: Apache-2.0 */
/* dvdi-agent: runs tasks with external volumes on one machine, without Mesos. */
#include <stdio.h>
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
    "Runs tasks with their external volumes as mesos-agent would: loads the isolator, has the volumes of a task "
    "mounted,\n"
    "runs the task in a mount and pid namespace of its own, and gives the volumes up when it ends. Needs root. "
    "bin/dvdi\n"
    "run starts it. INPUT names the isolator and the tasks; src/main/c/agent/input.h describes it.\n"
    "\n"
    "The exit status is that of the first task that did not end with 0: its own, 128 and the signal's number, 127 "
    "when\n"
    "its program was not found, 126 when it could not be run, 125 when its namespace could not be set up, and 1 when\n"
    "its volumes could not be had. 1 also when the agent could not start, 2 when it was called wrongly, 128 and the\n"
    "signal's number when a signal ended it. An agent that is killed leaves its tasks running; the next one with the\n"
    "same work_dir finds them.\n";

static int run(void) {
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
  log_line(DVDI_ERROR, "There is no argument %s; dvdi-agent --help says more.", arguments[1]);
  return STATUS_USAGE;
}
