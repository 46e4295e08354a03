/* SPDX-License-Identifier: Apache-2.0 */
/* container.h - one container, from its volumes to its end. None of them ever waits for another. */
#ifndef DVDI_AGENT_CONTAINER_H
#define DVDI_AGENT_CONTAINER_H

#include "answers.h"
#include "checkpoint.h"
#include "launch.h"
#include "loop.h"
#include "module.h"

enum container_state {
  CONTAINER_RECORDED,  /* on record, nothing done yet; or found on record, with no process left */
  CONTAINER_PREPARING, /* the isolator mounts its volumes */
  CONTAINER_STARTING,  /* the launcher sets up its namespaces */
  CONTAINER_RUNNING,   /* its task may run */
  CONTAINER_CLEANING,  /* it has ended, and the isolator gives up its volumes */
  CONTAINER_GONE       /* nothing more happens to it */
};

/* What containers have in common. */
struct containers {
  struct loop *loop;
  const struct module *module;
  const struct work_dir *dir;
  bool ending;                 /* no further task is to start */
  uint64_t last_call;          /* calls to the isolator are numbered */
  void (*gone)(void *context); /* called when a container is gone */
  void *context;
};

struct container {
  struct containers *all;
  const struct task *task; /* NULL: found on record, from an earlier agent */
  enum container_state state;
  struct checkpoint record;
  char sandbox[PATH_MAX];
  uint64_t call;       /* the call to the isolator that is not answered yet; 0: none */
  uint64_t watch_call; /* the call of watch that is not answered yet; 0: none */
  struct launch launch;
  struct watch channel;
  struct watch launcher; /* pidfds; not watched any more when the process has ended */
  struct watch init;
  bool unwatched;      /* one of its processes may live and cannot be watched; the container counts as running */
  int status;          /* the task's exit status; 1: it had no volumes and never ran */
  bool ended_by_agent; /* the agent wanted it to end, so its status says nothing about the task */
};

/* Makes a container for a task: an id, a sandbox, a record on the disk. */
bool container_create(struct containers *all, const struct task *task, struct container *container,
                      struct dvdi_error *error);

/* Takes over a container that an earlier agent left. It is CONTAINER_RUNNING when one of its processes lives. */
void container_adopt(struct containers *all, const struct checkpoint *record, struct container *container);

/* Has its volumes mounted; everything else follows from the answer. */
void container_prepare(struct container *container);

/* Has its volumes given up. */
void container_clean_up(struct container *container);

/* Handles the answer to container->call. */
void container_answered(struct container *container, const struct answer *answer);

/* Has its volumes watched while it runs. */
void container_watch(struct container *container);

/* Handles the answer to container->watch_call: kills a container whose volumes are lost. */
void container_watched(struct container *container, const struct answer *answer);

/* Asks the task to end; kills all of the container's processes; or gives up waiting for their end. */
void container_end(struct container *container);
void container_kill(struct container *container);
void container_abandon(struct container *container);

#endif /* DVDI_AGENT_CONTAINER_H */
