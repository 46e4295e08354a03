/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkpoint.h - what an agent has to know about its containers after it was killed.
 *
 * One file a container, written before its volumes are prepared, and again before its task may run: a task that runs
 * is always on record with its processes. It is removed when the isolator has given up the container's volumes.
 */
#ifndef DVDI_AGENT_CHECKPOINT_H
#define DVDI_AGENT_CHECKPOINT_H

#include "process.h"
#include "work_dir.h"

enum { CONTAINER_ID_SIZE = 256 };

struct checkpoint {
  char id[CONTAINER_ID_SIZE];
  struct process launcher;
  struct process init; /* the first process of the container's pid namespace */
  /*
   * The file is there and cannot be read. The container may be alive or not. Until a person has looked, it counts as
   * alive: a volume that stays mounted costs less than one that is unmounted under a running task.
   */
  bool unreadable;
};

/* Writes the file, and waits until it is on the disk. */
bool checkpoint_write(const struct work_dir *dir, const struct checkpoint *checkpoint, struct dvdi_error *error);

/* Removes the file. */
bool checkpoint_remove(const struct work_dir *dir, const char *id, struct dvdi_error *error);

/* Reads all files. The caller frees `*list`. What cannot be read is said in the log. */
bool checkpoint_read_all(const struct work_dir *dir, struct checkpoint **list, size_t *count, struct dvdi_error *error);

#endif /* DVDI_AGENT_CHECKPOINT_H */
