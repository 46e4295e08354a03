/* SPDX-License-Identifier: Apache-2.0 */
#include "bind.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The flags of a mount that a remount would take away unless they are given again (mount(2)). */
static unsigned long flags_of(const struct statvfs *status) {
  static const struct {
    unsigned long seen;
    unsigned long wanted;
  } flags[] = {{ST_NOSUID, MS_NOSUID},   {ST_NODEV, MS_NODEV},           {ST_NOEXEC, MS_NOEXEC},
               {ST_NOATIME, MS_NOATIME}, {ST_NODIRATIME, MS_NODIRATIME}, {ST_RELATIME, MS_RELATIME}};
  unsigned long kept = 0;
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
    if (status->f_flag & flags[i].seen)
      kept |= flags[i].wanted;
  }
  return kept;
}

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

static int open_beneath(int root, const char *path) {
  const struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                               .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  int folder = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
  /* openat2(2) came with Linux 5.6. */
  return folder < 0 && errno == ENOSYS ? open_by_steps(root, path) : folder;
}

/*
 * Opens the target of a bind. The isolator has looked at the path, but that was a moment ago: whoever may write to
 * the sandbox can put a link in place of a folder since, to have the volume bound over a folder of the host's. So no
 * link is followed here, and what was opened is what is bound to.
 */
static int open_target(const char *target, const char *sandbox) {
  size_t size = strlen(sandbox);
  bool in_sandbox = strncmp(target, sandbox, size) == 0 && target[size] == '/';
  int root = open(in_sandbox ? sandbox : "/", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (root < 0)
    return -1;
  const char *below = in_sandbox ? target + size : target;
  int folder = open_beneath(root, below + strspn(below, "/"));
  int cause = errno;
  close(root);
  errno = cause;
  return folder;
}

static bool refuse_target(const struct spec_bind *bind, struct dvdi_error *error) {
  if (errno == ELOOP) {
    return dvdi_fail(error,
                     "Cannot bind %s to %s: a part of the second path is a symbolic link, and links are not followed, "
                     "since they may lead out of the container. Replace the link by a folder, or change the volume's "
                     "container path.",
                     bind->source, bind->target);
  }
  if (errno == EXDEV) {
    return dvdi_fail(error,
                     "Cannot bind %s to %s: the second path has \"..\" in it, which may lead out of the container. "
                     "Change the volume's container path.",
                     bind->source, bind->target);
  }
  return dvdi_fail(error, "Cannot bind %s to %s: the second path cannot be opened: %s.", bind->source, bind->target,
                   strerror(errno));
}

/*
 * A bind takes no flags but those of its source; they are changed in a second step. It is taken over the source,
 * where only root can interfere, and the bind is moved to the target when it is read-only: over the target, the new
 * mount could be named by its path only, which may be another folder's by then, and the descriptor of the target
 * names what lies below it.
 */
static bool bind_read_only(const struct spec_bind *bind, const char *target) {
  struct statvfs status;
  return mount(bind->source, bind->source, NULL, MS_BIND | MS_REC, NULL) == 0 && statvfs(bind->source, &status) == 0 &&
         mount(NULL, bind->source, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | flags_of(&status), NULL) == 0 &&
         mount(bind->source, target, NULL, MS_MOVE, NULL) == 0;
}

bool bind_one(const struct spec_bind *bind, const char *sandbox, struct dvdi_error *error) {
  int folder = open_target(bind->target, sandbox);
  if (folder < 0)
    return refuse_target(bind, error);
  /* mount(2) takes paths only. This one is good as long as /proc is that of this process' own pid namespace. */
  char target[64];
  snprintf(target, sizeof target, "/proc/self/fd/%d", folder);
  bool bound =
      bind->read_only ? bind_read_only(bind, target) : mount(bind->source, target, NULL, MS_BIND | MS_REC, NULL) == 0;
  int cause = errno;
  close(folder);
  return bound || dvdi_fail(error, "Cannot bind %s to %s%s: %s.", bind->source, bind->target,
                            bind->read_only ? " read-only" : "", strerror(cause));
}
