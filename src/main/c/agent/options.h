/* SPDX-License-Identifier: Apache-2.0 */
/* options.h - the command line of dvdi-agent. */
#ifndef DVDI_AGENT_OPTIONS_H
#define DVDI_AGENT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../entry/error.h"

struct options {
  const char *modules;
  const char *work_dir;
  uint64_t for_milliseconds; /* 0: until the tasks end */
  bool quiet;
  bool help;
  bool version;
  char **tasks; /* paths of task files, or "-" */
  size_t tasks_count;
};

extern const char usage[];

/* Reads the arguments behind the program's name. The order of `arguments` changes, and `options->tasks` points into it.
 */
bool read_options(int count, char **arguments, struct options *options, struct dvdi_error *error);

/* Reads a duration such as 500ms, 20s, 5m or 2h. */
bool read_duration(const char *text, uint64_t *milliseconds);

#endif /* DVDI_AGENT_OPTIONS_H */
