/* SPDX-License-Identifier: Apache-2.0 */
/* container.h - the life of a container. Containers do not wait for each other. */
#ifndef DVDI_AGENT_CONTAINER_H
#define DVDI_AGENT_CONTAINER_H

#include "answers.h"
#include "checkpoint.h"
#include "launch.h"
#include "loop.h"
#include "module.h"

enum container_state {
  CONTAINER_RECORDED,  /* on record, not prepared yet; or found on record without a process */
  CONTAINER_PREPARING, /* the isolator mounts its volumes */
  CONTAINER_STARTING,  /* the launcher sets up its namespaces */
  CONTAINER_RUNNING,   /* the task runs */
  CONTAINER_CLEANING,  /* it has ended, and the isolator releases its volumes */
  CONTAINER_GONE       /* final state */
};

/* What all containers share. */
struct containers {
  struct loop *loop;
  const struct module *module;
  const struct work_dir *dir;
  bool ending;                 /* start no more tasks */
  uint64_t last_call;          /* the number of the last call to the isolator */
  void (*gone)(void *context); /* called when a container becomes CONTAINER_GONE */
  void *context;
};

struct container {
  struct containers *all;
  const struct task *task; /* NULL: found on record, from an earlier agent */
  enum container_state state;
  struct checkpoint record;
  char sandbox[PATH_MAX];
  uint64_t call;       /* the unanswered call to the isolator; 0: none */
  uint64_t watch_call; /* the unanswered call of watch; 0: none */
  struct launch launch;
  struct watch channel;
  struct watch launcher; /* pidfds; forgotten when the process has ended */
  struct watch init;
  bool unwatched;      /* a process may live but cannot be watched; the container counts as running */
  int status;          /* the task's exit status; 1 if it did not get its volumes */
  bool ended_by_agent; /* the agent ended it, so the status does not count */
};

/* Creates a container for a task: an ID, a sandbox and a record on disk. */
bool container_create(struct containers *all, const struct task *task, struct container *container,
                      struct dvdi_error *error);

/* Recovers a container of an earlier agent. It is CONTAINER_RUNNING if one of its processes is alive. */
void container_adopt(struct containers *all, const struct checkpoint *record, struct container *container);

/* Asks the isolator to mount the volumes. Everything else follows from the answer. */
void container_prepare(struct container *container);

/* Asks the isolator to release the volumes. */
void container_clean_up(struct container *container);

/* Handles the answer to container->call. */
void container_answered(struct container *container, const struct answer *answer);

/* Asks the isolator to watch the volumes while the container runs. */
void container_watch(struct container *container);

/* Handles the answer to container->watch_call: kills the container if its volumes are lost. */
void container_watched(struct container *container, const struct answer *answer);

/* Asks the task to end; kills all of the container's processes; or gives up waiting for their end. */
void container_end(struct container *container);
void container_kill(struct container *container);
void container_abandon(struct container *container);

#endif /* DVDI_AGENT_CONTAINER_H */
