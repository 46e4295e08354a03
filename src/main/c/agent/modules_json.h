/* SPDX-License-Identifier: Apache-2.0 */
/* modules_json.h - which library the isolator is in, and its parameters. */
#ifndef DVDI_AGENT_MODULES_JSON_H
#define DVDI_AGENT_MODULES_JSON_H

#include <jansson.h>
#include <limits.h>

#include "../dvdi.h"
#include "../entry/error.h"

struct modules {
  json_t *root; /* the texts of the parameters live in it */
  char library[PATH_MAX];
  struct dvdi_entry *parameters;
  size_t parameters_count;
};

/* Reads a file of the form that mesos-agent's --modules takes. On failure nothing is left to free. */
bool read_modules(const char *path, struct modules *modules, struct dvdi_error *error);

void free_modules(struct modules *modules);

#endif /* DVDI_AGENT_MODULES_JSON_H */
