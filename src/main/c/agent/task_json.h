/* SPDX-License-Identifier: Apache-2.0 */
/* task_json.h - tasks, from Mesos' own JSON of TaskInfo (mesos.proto). */
#ifndef DVDI_AGENT_TASK_JSON_H
#define DVDI_AGENT_TASK_JSON_H

#include <jansson.h>
#include <sys/types.h>

#include "../dvdi.h"
#include "../entry/error.h"

/* A user of this host. */
struct task_user {
  const char *name; /* NULL: the agent's own, and the rest is without a meaning */
  uid_t uid;
  gid_t gid; /* the primary group */
  char *home;
};

struct task {
  const char *id;
  struct task_user user;
  const char *program;    /* CommandInfo.value: a line for the shell, or the program */
  const char **arguments; /* of the program, its name first; NULL when the shell runs it */
  size_t arguments_count;
  struct dvdi_entry *environment;
  size_t environment_count;
  struct dvdi_volume *volumes;
  size_t volumes_count;
};

struct tasks {
  json_t **roots; /* all texts live in them */
  size_t roots_count;
  struct task *items;
  size_t count;
};

/* Reads task files, each with one TaskInfo or an array of them. On failure nothing is left to free. */
bool read_tasks(char *const *paths, size_t count, struct tasks *tasks, struct dvdi_error *error);

void free_tasks(struct tasks *tasks);

#endif /* DVDI_AGENT_TASK_JSON_H */
