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

/* The texts are good until the next entry is read or the table closed. */
struct mount_entry {
  int id;
  const char *device;  /* of the file system, major:minor */
  const char *root;    /* the folder of the file system that is mounted */
  const char *point;   /* the mount point */
  unsigned long flags; /* of MS_NOSUID and the like, those that a remount takes away unless they are given again */
  bool shared;         /* what is mounted on it is also mounted elsewhere (mount_namespaces(7)) */
};

/* False with errno on failure. */
bool mount_table_open(struct mount_table *table);

/* Reads the next entry; false at the end. */
bool mount_table_next(struct mount_table *table, struct mount_entry *entry);

/* Reads on to the mount that an opened folder lies on. False with errno on failure, ENOTSUP before Linux 3.15. */
bool mount_table_find(struct mount_table *table, int folder, struct mount_entry *entry);

void mount_table_close(struct mount_table *table);

#endif /* DVDI_BIND_MOUNT_TABLE_H */
