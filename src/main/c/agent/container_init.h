/* SPDX-License-Identifier: Apache-2.0 */
/* container_init.h - the first process of a container's pid namespace. */
#ifndef DVDI_AGENT_CONTAINER_INIT_H
#define DVDI_AGENT_CONTAINER_INIT_H

#include <stdbool.h>
#include <sys/types.h>

struct container_spec {
  const char *id;
  const char *sandbox;
  bool has_user; /* false: the task runs as the agent */
  uid_t uid;
  gid_t gid;
  const char *program; /* an execvp(3) path */
  char **arguments;    /* the name first, NULL at the end */
  char *environment;   /* environment.h */
};

/*
 * Waits for the agent's go, starts the task, forwards SIGTERM and SIGINT to it, and reaps orphans. When the task has
 * ended, this process exits, and the kernel kills all other processes in the namespace. `launcher_lives` is one end of
 * a pipe. Only the launcher holds the other end.
 */
_Noreturn void container_init(const struct container_spec *spec, int launcher_lives);

#endif /* DVDI_AGENT_CONTAINER_INIT_H */
