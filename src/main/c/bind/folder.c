/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The headers of Debian 11 do not have it. A call as new as this has one number on all processors. */
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

/* One step down, to a folder that is no link. The file system is not asked: it may be dead. */
static int open_folder(int at, const char *name) {
  if (strcmp(name, "..") == 0) {
    errno = EXDEV;
    return -1;
  }
  int folder = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  char target;
  if (folder < 0 && errno == ENOTDIR)
    errno = readlinkat(at, name, &target, sizeof target) >= 0 ? ELOOP : ENOTDIR;
  return folder;
}

/* What openat2(2) does below, one component after the other. */
static int open_by_steps(int root, const char *path, bool file_too) {
  char rest[PATH_MAX];
  if ((size_t)snprintf(rest, sizeof rest, "%s", path) >= sizeof rest) {
    errno = ENAMETOOLONG;
    return -1;
  }
  int folder = openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  char *state = NULL;
  char *name = strtok_r(rest, "/", &state);
  while (folder >= 0 && name != NULL) {
    char *following = strtok_r(NULL, "/", &state);
    int next = open_folder(folder, name);
    if (next < 0 && errno == ENOTDIR && file_too && following == NULL)
      next = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    int cause = errno;
    close(folder);
    errno = cause;
    folder = next;
    name = following;
  }
  return folder;
}

static int open_path_beneath(int root, const char *path, bool file_too) {
  const struct open_how how = {.flags = O_PATH | O_CLOEXEC | (file_too ? 0 : O_DIRECTORY),
                               .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  int opened = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
  return opened < 0 && is_unknown_call() ? open_by_steps(root, path, file_too) : opened;
}

int open_beneath(int root, const char *path) {
  return open_path_beneath(root, path, false);
}

int open_file_beneath(int root, const char *path) {
  return open_path_beneath(root, path, true);
}

bool is_unknown_call(void) {
  return errno == ENOSYS || errno == EPERM;
}

struct folder_path folder_path(int folder) {
  struct folder_path path;
  snprintf(path.text, sizeof path.text, "/proc/self/fd/%d", folder);
  return path;
}

bool is_in(const char *path, const char *folder) {
  size_t size = strlen(folder);
  while (size > 0 && folder[size - 1] == '/')
    size--;
  return strncmp(path, folder, size) == 0 && (path[size] == '/' || path[size] == '\0');
}
