/* SPDX-License-Identifier: Apache-2.0 */
/* task_volumes_json.h - the volumes of a task, from Mesos' JSON of ContainerInfo. */
#ifndef DVDI_AGENT_TASK_VOLUMES_JSON_H
#define DVDI_AGENT_TASK_VOLUMES_JSON_H

#include "task_json.h"

/* Reads task->volumes. `info` is the TaskInfo and `where` its place. On failure free_task_volumes has to be called. */
bool read_task_volumes(const json_t *info, const char *where, struct task *task, struct dvdi_error *error);

void free_task_volumes(struct task *task);

#endif /* DVDI_AGENT_TASK_VOLUMES_JSON_H */
