/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char usage[] =
    "Usage: dvdi-agent --modules=FILE --work_dir=DIR [--for=TIME] [--quiet] [TASK.json...]\n"
    "\n"
    "Runs tasks with their external volumes as mesos-agent would: loads the isolator that FILE names, has the volumes\n"
    "of a task mounted, runs the task in a mount and pid namespace of its own, and gives the volumes up when it ends.\n"
    "Needs root.\n"
    "\n"
    "  --modules=FILE   modules as mesos-agent takes them (modules.json)\n"
    "  --work_dir=DIR   where sandboxes and records of containers are kept; made when it is not there\n"
    "  --for=TIME       end the tasks after that time (500ms, 20s, 5m, 2h) and exit with 0\n"
    "  --quiet          leave out what is neither a warning nor an error\n"
    "  --help, --version\n"
    "  TASK.json        one TaskInfo, as mesos-execute --task takes it, or an array of them; - is standard input.\n"
    "                   With no task, only what an earlier run left behind is cleaned up.\n"
    "\n"
    "The exit status is that of the first task that did not end with 0: its own, 128 and the signal's number, 127 "
    "when\n"
    "its program was not found, 126 when it could not be run, 125 when its namespace could not be set up, and 1 when\n"
    "its volumes could not be had. 1 also when the agent could not start, 2 when it was called wrongly, 128 and the\n"
    "signal's number when a signal ended it. An agent that is killed leaves its tasks running; the next one with the\n"
    "same work_dir finds them.\n";

bool read_duration(const char *text, uint64_t *milliseconds) {
  static const struct {
    const char *unit;
    uint64_t milliseconds;
  } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000}};
  if (*text < '0' || *text > '9')
    return false;
  char *unit;
  errno = 0;
  unsigned long long number = strtoull(text, &unit, 10);
  /* A year at most, which keeps the multiplication far from an overflow. */
  if (errno != 0 || number == 0 || number > 366ULL * 24 * 60 * 60 * 1000)
    return false;
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    if (strcmp(unit, units[i].unit) != 0)
      continue;
    *milliseconds = number * units[i].milliseconds;
    return true;
  }
  return false;
}

/* Takes the value of the flag `name` at `*at`, as --name=value or as the next argument. */
static bool is_flag(const char *name, char **arguments, int count, int *at, const char **value) {
  const char *argument = arguments[*at] + 2;
  size_t length = strlen(name);
  if (strncmp(argument, name, length) != 0)
    return false;
  if (argument[length] == '=') {
    *value = argument + length + 1;
    return true;
  }
  if (argument[length] != '\0')
    return false;
  *value = *at + 1 < count ? arguments[++*at] : "";
  return true;
}

static bool read_flag(char **arguments, int count, int *at, struct options *options, struct dvdi_error *error) {
  const char *flag = arguments[*at];
  const char *time = NULL;
  if (strcmp(flag, "--help") == 0) {
    options->help = true;
  } else if (strcmp(flag, "--version") == 0) {
    options->version = true;
  } else if (strcmp(flag, "--quiet") == 0) {
    options->quiet = true;
  } else if (is_flag("for", arguments, count, at, &time)) {
    if (!read_duration(time, &options->for_milliseconds)) {
      return dvdi_fail(error, "--for is \"%s\"; it has to be a number with its unit, such as 500ms, 20s, 5m or 2h.",
                       time);
    }
  } else if (!is_flag("modules", arguments, count, at, &options->modules) &&
             !is_flag("work_dir", arguments, count, at, &options->work_dir)) {
    return dvdi_fail(error, "There is no flag %s; dvdi-agent --help lists them.", flag);
  }
  return true;
}

bool read_options(int count, char **arguments, struct options *options, struct dvdi_error *error) {
  *options = (struct options){.tasks = arguments};
  if (count == 1 && (strcmp(arguments[0], "-h") == 0 || strcmp(arguments[0], "help") == 0)) {
    options->help = true;
    return true;
  }
  bool flags = true;
  for (int i = 0; i < count; i++) {
    if (flags && strcmp(arguments[i], "--") == 0) {
      flags = false;
    } else if (flags && strncmp(arguments[i], "--", 2) == 0) {
      if (!read_flag(arguments, count, &i, options, error))
        return false;
    } else if (flags && arguments[i][0] == '-' && arguments[i][1] != '\0') {
      return dvdi_fail(error, "There is no flag %s; dvdi-agent --help lists them.", arguments[i]);
    } else {
      options->tasks[options->tasks_count++] = arguments[i];
    }
  }
  if (options->help || options->version)
    return true;
  if (options->modules == NULL || options->modules[0] == '\0') {
    return dvdi_fail(error, "--modules=FILE is missing; it names the isolator. dvdi-agent --help says more.");
  }
  if (options->work_dir == NULL || options->work_dir[0] == '\0') {
    return dvdi_fail(error,
                     "--work_dir=DIR is missing; records of containers are kept there. dvdi-agent --help says "
                     "more.");
  }
  return true;
}
