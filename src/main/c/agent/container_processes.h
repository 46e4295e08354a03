/* SPDX-License-Identifier: Apache-2.0 */
/* container_processes.h - the processes of a container; shared by container.c and container_processes.c. */
#ifndef DVDI_AGENT_CONTAINER_PROCESSES_H
#define DVDI_AGENT_CONTAINER_PROCESSES_H

#include "container.h"

/* Starts the launcher with the isolator's answer. When the processes have ended, the container is cleaned up. */
bool container_start(struct container *container, const struct answer *answer, struct dvdi_error *error);

/* Makes the container CONTAINER_GONE. */
void container_be_gone(struct container *container);

void container_name_sandbox(struct container *container);

#endif /* DVDI_AGENT_CONTAINER_PROCESSES_H */
