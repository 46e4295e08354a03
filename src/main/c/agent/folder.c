/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One step down, to a folder that is no link. O_PATH with O_NOFOLLOW opens a link itself (open(2)). */
static int open_folder(int at, const char *name) {
  if (strcmp(name, "..") == 0) {
    errno = EXDEV;
    return -1;
  }
  int folder = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  struct stat status;
  if (folder < 0)
    return -1;
  if (fstat(folder, &status) == 0) {
    if (S_ISDIR(status.st_mode))
      return folder;
    errno = S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
  }
  int cause = errno;
  close(folder);
  errno = cause;
  return -1;
}

/* What openat2(2) does below, one component after the other. */
static int open_by_steps(int root, const char *path) {
  char rest[PATH_MAX];
  if ((size_t)snprintf(rest, sizeof rest, "%s", path) >= sizeof rest) {
    errno = ENAMETOOLONG;
    return -1;
  }
  int folder = openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  char *state = NULL;
  for (char *name = strtok_r(rest, "/", &state); folder >= 0 && name != NULL; name = strtok_r(NULL, "/", &state)) {
    int next = open_folder(folder, name);
    int cause = errno;
    close(folder);
    errno = cause;
    folder = next;
  }
  return folder;
}

int open_beneath(int root, const char *path) {
  const struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                               .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  int folder = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
  /* openat2(2) came with Linux 5.6. */
  return folder < 0 && errno == ENOSYS ? open_by_steps(root, path) : folder;
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
