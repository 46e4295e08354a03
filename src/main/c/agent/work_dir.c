/* SPDX-License-Identifier: Apache-2.0 */
#include "work_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Programs are run, and processes ended, by what is read there. */
static bool is_own(const char *path, const struct stat *status, struct dvdi_error *error) {
  if (status->st_uid == geteuid() && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0)
    return true;
  return dvdi_fail(error,
                   "The folder %s (user %u, mode %o) can be changed by others, and the agent acts on the files there. "
                   "Let it belong to root and be writable by root alone, or choose another --state-dir.",
                   path, status->st_uid, status->st_mode & 07777U);
}

static bool make_folder(const char *path, mode_t mode, struct dvdi_error *error) {
  struct stat status;
  if (mkdir(path, mode) == 0)
    return true;
  int cause = errno;
  if (cause == EEXIST && stat(path, &status) == 0) {
    if (S_ISDIR(status.st_mode))
      return is_own(path, &status, error);
    cause = ENOTDIR;
  }
  return dvdi_fail(error, "Cannot create the folder %s: %s. Choose another --state-dir, or free some space.", path,
                   strerror(cause));
}

static bool lock(struct work_dir *dir, struct dvdi_error *error) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/lock", dir->path);
  dir->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (dir->lock < 0)
    return dvdi_fail(error, "Cannot open the lock %s: %s.", path, strerror(errno));
  char owner[32] = "";
  if (flock(dir->lock, LOCK_EX | LOCK_NB) != 0) {
    int cause = errno;
    ssize_t size = read(dir->lock, owner, sizeof owner - 1);
    owner[size > 0 ? strcspn(owner, "\n") : 0] = '\0';
    close(dir->lock);
    if (cause != EWOULDBLOCK)
      return dvdi_fail(error, "Cannot lock %s: %s.", path, strerror(cause));
    return dvdi_fail(error,
                     "The folder %s is in use by another agent, process %s. Wait until that has ended, or choose "
                     "another --state-dir.",
                     dir->path, owner[0] != '\0' ? owner : "unknown");
  }
  /* The pid is for people only: what counts is the lock, which ends with the process (flock(2)). */
  int size = snprintf(owner, sizeof owner, "%d\n", (int)getpid());
  if (ftruncate(dir->lock, 0) != 0 || pwrite(dir->lock, owner, (size_t)size, 0) != size) {
    return dvdi_fail(error, "Cannot write the lock %s: %s.", path, strerror(errno));
  }
  return true;
}

bool work_dir_open(const char *path, struct work_dir *dir, struct dvdi_error *error) {
  if (!make_folder(path, 0755, error))
    return false;
  char resolved[PATH_MAX];
  if (realpath(path, resolved) == NULL) {
    return dvdi_fail(error, "Cannot resolve the path %s: %s.", path, strerror(errno));
  }
  if (strlen(resolved) >= sizeof dir->path)
    return dvdi_fail(error, "The path %s is too long. Choose a shorter --state-dir.", resolved);
  memcpy(dir->path, resolved, strlen(resolved) + 1);
  snprintf(dir->sandboxes, sizeof dir->sandboxes, "%s/sandboxes", dir->path);
  snprintf(dir->containers, sizeof dir->containers, "%s/containers", dir->path);
  /* Sandboxes are entered by tasks that may be another user's; the records are the agent's alone. */
  return lock(dir, error) && make_folder(dir->sandboxes, 0755, error) && make_folder(dir->containers, 0700, error);
}
