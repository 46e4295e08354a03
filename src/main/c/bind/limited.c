/* SPDX-License-Identifier: Apache-2.0 */
#include "limited.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "folder.h"
#include "mount_table.h"

/* The headers of Debian 11 do not have it. A call as new as this has one number on all processors. */
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

/* From linux/mount.h, which collides with sys/mount.h before glibc 2.36. */
enum {
  TREE_CLONE = 0x1,                 /* OPEN_TREE_CLONE */
  TREE_RECURSIVE = 0x8000,          /* AT_RECURSIVE */
  MOVE_BETWEEN_OPENED = 0x04 | 0x40 /* MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH */
};

/* A copy of a folder's mounts that is mounted nowhere yet. -1 with ENOSYS before Linux 5.12 (mount_setattr(2)). */
static int clone_limited(int source, unsigned long limits) {
  /* MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID and MOUNT_ATTR_NODEV have the values of MS_RDONLY, MS_NOSUID and MS_NODEV. */
  const struct {
    uint64_t set;
    uint64_t cleared;
    uint64_t propagation;
    uint64_t user_namespace;
  } attributes = {.set = limits};
  int tree = (int)syscall(SYS_open_tree, source, "", TREE_CLONE | TREE_RECURSIVE | AT_EMPTY_PATH | O_CLOEXEC);
  if (tree < 0 ||
      syscall(SYS_mount_setattr, tree, "", TREE_RECURSIVE | AT_EMPTY_PATH, &attributes, sizeof attributes) == 0) {
    return tree;
  }
  int cause = errno;
  close(tree);
  errno = cause;
  return -1;
}

/* EINVAL when what is opened is not the root of a mount. Asks no file system: one that is dead may be below. */
static bool remount(int opened, unsigned long flags) {
  return mount(NULL, folder_path(opened).text, NULL, MS_REMOUNT | MS_BIND | flags, NULL) == 0;
}

/* A mount that cannot be reached, since another one hides it or it was not copied, needs no remount. */
static bool remount_at(int cover, const char *path, unsigned long flags) {
  int opened = open_file_beneath(cover, path);
  if (opened < 0)
    return errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
  bool done = remount(opened, flags) || errno == EINVAL;
  int cause = errno;
  close(opened);
  errno = cause;
  return done;
}

/* What lies below is another mount each, and keeps its own flags. */
static bool remount_all(int cover, unsigned long limits) {
  struct mount_table table;
  struct mount_entry entry;
  if (!mount_table_open(&table))
    return false;
  bool done = mount_table_find(&table, cover, &entry) && remount(cover, entry.flags | limits);
  char top[PATH_MAX];
  if (done)
    snprintf(top, sizeof top, "%s", entry.point);
  size_t size = done ? strlen(top) : 0;
  rewind(table.file);
  while (done && mount_table_next(&table, &entry)) {
    if (is_in(entry.point, top) && entry.point[size] == '/')
      done = remount_at(cover, entry.point + size + 1, entry.flags | limits);
  }
  int cause = errno;
  mount_table_close(&table);
  errno = cause;
  return done;
}

/* False with errno: EBUSY when the host has mounted something at the path meanwhile. */
static bool is_same_folder(int one, int other) {
  struct statx first;
  struct statx second;
  const int flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
  if (statx(one, "", flags, STATX_INO, &first) != 0 || statx(other, "", flags, STATX_INO, &second) != 0)
    return false;
  errno = EBUSY;
  return first.stx_ino == second.stx_ino && first.stx_dev_major == second.stx_dev_major &&
         first.stx_dev_minor == second.stx_dev_minor;
}

/*
 * Before Linux 5.12 a bind takes the flags of its source, and they are changed in a second step. It is taken over the
 * source, where only root can interfere: over the target, the new mount could be named by its path only, which may be
 * another folder's by then.
 */
static int cover(int source, const char *path, unsigned long limits) {
  const struct folder_path self = folder_path(source);
  if (mount(self.text, self.text, NULL, MS_BIND | MS_REC, NULL) != 0)
    return -1;
  int made = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (made < 0)
    return -1;
  if (is_same_folder(source, made) && remount_all(made, limits))
    return made;
  int cause = errno;
  close(made);
  errno = cause;
  return -1;
}

/* Mounts a copy of the source, at `target` or where the source is. */
static bool place(int source, int target, unsigned long limits) {
  int tree = clone_limited(source, limits);
  if (tree < 0)
    return false;
  bool placed = syscall(SYS_move_mount, tree, "", target, "", MOVE_BETWEEN_OPENED) == 0;
  int cause = errno;
  close(tree);
  errno = cause;
  return placed;
}

bool bind_limited(int source, int target, unsigned long limits) {
  return place(source, target, limits);
}

bool bind_limited_by_steps(int source, const char *path, int target, unsigned long limits) {
  int made = cover(source, path, limits);
  if (made < 0)
    return false;
  bool moved = mount(folder_path(made).text, folder_path(target).text, NULL, MS_MOVE, NULL) == 0;
  int cause = errno;
  close(made);
  errno = cause;
  return moved;
}

bool cover_limited(int source, const char *path, unsigned long limits) {
  if (place(source, source, limits))
    return true;
  int made = is_unknown_call() ? cover(source, path, limits) : -1;
  if (made < 0)
    return false;
  close(made);
  return true;
}
