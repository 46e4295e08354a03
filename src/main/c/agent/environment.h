/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environment.h - passes the variables of a task to its launcher.
 *
 * They are in a memory file, not in the launcher's own environment, where LD_PRELOAD, for example, would affect the
 * launcher.
 */
#ifndef DVDI_AGENT_ENVIRONMENT_H
#define DVDI_AGENT_ENVIRONMENT_H

#include "answers.h"
#include "input.h"

/* Writes them to a memory file. Returns its descriptor, or -1 with errno. */
int environment_write(const struct task *task, const char *sandbox, const struct answer *answer);

/* Reads them: strings NAME=VALUE, and an empty one at the end. The last value of a name is used. NULL on failure. */
char *environment_read(int file);

/* Makes them the environment of this process. */
void environment_take(char *variables);

#endif /* DVDI_AGENT_ENVIRONMENT_H */
