/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkpoint.h - the containers of an agent that was killed.
 *
 * Each container has a file. It is written before the volumes are prepared, and again before the task starts, so the
 * processes of a running task are always on record. It is removed when the isolator has released the volumes.
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
   * The file exists but cannot be read, so it is unknown whether the container is alive. It counts as alive until a
   * person has checked: it is better to keep a volume mounted than to unmount it under a running task.
   */
  bool unreadable;
};

/* Writes the file, with fsync(2). */
bool checkpoint_write(const struct work_dir *dir, const struct checkpoint *checkpoint, struct dvdi_error *error);

/* Removes the file. */
bool checkpoint_remove(const struct work_dir *dir, const char *id, struct dvdi_error *error);

/* Reads all files. The caller frees `*list`. Logs files that cannot be read. */
bool checkpoint_read_all(const struct work_dir *dir, struct checkpoint **list, size_t *count, struct dvdi_error *error);

#endif /* DVDI_AGENT_CHECKPOINT_H */
