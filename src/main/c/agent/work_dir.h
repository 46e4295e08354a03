/* SPDX-License-Identifier: Apache-2.0 */
/* work_dir.h - the work folder of an agent. */
#ifndef DVDI_AGENT_WORK_DIR_H
#define DVDI_AGENT_WORK_DIR_H

#include <limits.h>

#include "../entry/error.h"

/* Leaves room for a folder and the ID of a container behind it. */
enum { WORK_DIR_SIZE = PATH_MAX - 300 };

struct work_dir {
  char path[WORK_DIR_SIZE];            /* absolute, without symbolic links */
  char sandboxes[WORK_DIR_SIZE + 16];  /* one folder for each container */
  char containers[WORK_DIR_SIZE + 16]; /* one file for each container: checkpoint.h */
  int lock;
};

/* Creates the folder if it is missing, and locks it until this process ends. */
bool work_dir_open(const char *path, struct work_dir *dir, struct dvdi_error *error);

#endif /* DVDI_AGENT_WORK_DIR_H */
