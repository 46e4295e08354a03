/* SPDX-License-Identifier: Apache-2.0 */
/* agent.h - what mesos-agent would do with an isolator, for the tasks of one command line. */
#ifndef DVDI_AGENT_AGENT_H
#define DVDI_AGENT_AGENT_H

#include "modules_json.h"
#include "options.h"
#include "task_json.h"

/* Runs the tasks to their ends. Gives the exit status. */
int agent_run(const struct options *options, const struct modules *modules, const struct tasks *tasks);

#endif /* DVDI_AGENT_AGENT_H */
