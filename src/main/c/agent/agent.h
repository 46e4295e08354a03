/* SPDX-License-Identifier: Apache-2.0 */
/* agent.h - what mesos-agent would do with an isolator, for some tasks. */
#ifndef DVDI_AGENT_AGENT_H
#define DVDI_AGENT_AGENT_H

#include "input.h"

/* Runs the tasks to their ends. Gives the exit status. */
int agent_run(const struct input *input);

#endif /* DVDI_AGENT_AGENT_H */
