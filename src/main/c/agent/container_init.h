/* SPDX-License-Identifier: Apache-2.0 */
/* container_init.h - the first process of a container's pid namespace. */
#ifndef DVDI_AGENT_CONTAINER_INIT_H
#define DVDI_AGENT_CONTAINER_INIT_H

#include "launch_spec.h"

/*
 * Waits for the agent's go, starts the task, forwards SIGTERM and SIGINT to it, and reaps what is left to it. When the
 * task has ended this process ends too, and the kernel kills the rest of the namespace. `launcher_lives` is the end of
 * a pipe whose other end the launcher alone holds.
 */
_Noreturn void container_init(const struct launch_spec *spec, const char *id, int launcher_lives);

#endif /* DVDI_AGENT_CONTAINER_INIT_H */
