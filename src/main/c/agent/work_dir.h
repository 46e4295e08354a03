/* SPDX-License-Identifier: Apache-2.0 */
/* work_dir.h - the folder that one agent works in. */
#ifndef DVDI_AGENT_WORK_DIR_H
#define DVDI_AGENT_WORK_DIR_H

#include <limits.h>

#include "../entry/error.h"

/* Leaves room for what is put behind it: a folder, and the id of a container. */
enum { WORK_DIR_SIZE = PATH_MAX - 300 };

struct work_dir {
  char path[WORK_DIR_SIZE];            /* absolute, without symbolic links */
  char sandboxes[WORK_DIR_SIZE + 16];  /* one folder a container: its working folder */
  char containers[WORK_DIR_SIZE + 16]; /* one file a container: checkpoint.h */
  int lock;
};

/* Makes the folder where it is missing, and locks it for as long as this process lives. */
bool work_dir_open(const char *path, struct work_dir *dir, struct dvdi_error *error);

#endif /* DVDI_AGENT_WORK_DIR_H */
