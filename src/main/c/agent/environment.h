/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environment.h - the variables of a task, on their way to its launcher.
 *
 * They go through a file in memory rather than through the launcher's own environment: LD_PRELOAD, for one, would act
 * on the launcher itself.
 */
#ifndef DVDI_AGENT_ENVIRONMENT_H
#define DVDI_AGENT_ENVIRONMENT_H

#include "answers.h"
#include "input.h"

/* Puts them in a file in memory, and gives its descriptor, or -1 with errno. */
int environment_write(const struct task *task, const char *sandbox, const struct answer *answer);

/* Reads them: texts NAME=VALUE, and an empty one at the end. The last value of a name counts. NULL on failure. */
char *environment_read(int file);

/* Makes them the environment of this process. */
void environment_take(char *variables);

#endif /* DVDI_AGENT_ENVIRONMENT_H */
