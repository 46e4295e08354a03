/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_spec.h - what the agent tells the launcher of a container.
 *
 * It goes through a file in memory rather than through arguments or the environment: those of a process can be seen
 * with ps, and variables of the task, LD_PRELOAD for one, would act on the launcher itself.
 */
#ifndef DVDI_AGENT_LAUNCH_SPEC_H
#define DVDI_AGENT_LAUNCH_SPEC_H

#include <sys/stat.h>

#include "../bind/bind.h"
#include "answers.h"
#include "task_json.h"

struct launch_spec {
  const char *agent_namespace; /* the mount namespace of the agent, as it is named in /proc/PID/ns */
  const char *sandbox;
  const char *user; /* empty: the agent's own */
  uid_t uid;
  gid_t gid;
  const char *program; /* an execvp(3) path */
  struct bind *binds;
  size_t binds_count;
  char **arguments;   /* ends with NULL */
  char **environment; /* ends with NULL */
  char *text;         /* all strings live in it */
};

/* Names the mount namespace of this process: mnt:[4026531841] (namespaces(7)). False with errno on failure. */
bool mount_namespace(char name[64]);

/* Puts everything in a file in memory, and gives its descriptor, or -1 on failure. */
int spec_write(const struct task *task, const char *sandbox, const struct answer *answer, struct dvdi_error *error);

/* Reads it back. The launcher has no need to free it. */
bool spec_read(int file, struct launch_spec *spec, struct dvdi_error *error);

#endif /* DVDI_AGENT_LAUNCH_SPEC_H */
