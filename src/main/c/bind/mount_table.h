/* SPDX-License-Identifier: Apache-2.0 */
/* mount_table.h - the mounts of this process' namespace, as /proc/self/mountinfo has them (proc(5)). */
#ifndef DVDI_BIND_MOUNT_TABLE_H
#define DVDI_BIND_MOUNT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

struct mount_table {
  FILE *file;
  char *line;
  size_t size;
};

/* The texts are valid until the next entry is read or the table is closed. */
struct mount_entry {
  int id;
  const char *device;  /* of the file system, major:minor */
  const char *root;    /* the folder of the file system that is mounted */
  const char *point;   /* the mount point */
  unsigned long flags; /* MS_RDONLY and so on: those that a remount clears unless it sets them again */
  bool shared;         /* it propagates mounts (mount_namespaces(7)) */
};

/* False with errno on failure. */
bool mount_table_open(struct mount_table *table);

/* Reads the next entry; false at the end. */
bool mount_table_next(struct mount_table *table, struct mount_entry *entry);

/* Finds the mount that contains an open folder. False with errno on failure: ENOTSUP before Linux 3.15. */
bool mount_table_find(struct mount_table *table, int folder, struct mount_entry *entry);

void mount_table_close(struct mount_table *table);

#endif /* DVDI_BIND_MOUNT_TABLE_H */
