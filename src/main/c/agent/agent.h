/* SPDX-License-Identifier: Apache-2.0 */
/* agent.h - uses the isolator as mesos-agent does, for some tasks. */
#ifndef DVDI_AGENT_AGENT_H
#define DVDI_AGENT_AGENT_H

#include "input.h"

/* Runs the tasks until they have ended. Returns the exit status. */
int agent_run(const struct input *input);

#endif /* DVDI_AGENT_AGENT_H */
