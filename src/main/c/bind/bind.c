/* SPDX-License-Identifier: Apache-2.0 */
#include "bind.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "folder.h"
#include "limited.h"
#include "mount_table.h"

/*
 * Opens the target of a bind. The isolator has looked at the path, but that was a moment ago: a task that may write to
 * the sandbox can put a link in place of a folder since, to have the volume bound over a folder of the host's. So no
 * link is followed here, and what was opened is what is bound to.
 */
static int open_target(const struct bind *bind) {
  bool below = is_in(bind->target, bind->base) && strcmp(bind->target, bind->base) != 0;
  int root = open(below ? bind->base : "/", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (root < 0)
    return -1;
  const char *rest = below ? bind->target + strlen(bind->base) : bind->target;
  int folder = open_beneath(root, rest + strspn(rest, "/"));
  int cause = errno;
  close(root);
  errno = cause;
  return folder;
}

static bool refuse_target(const struct bind *bind, struct dvdi_error *error) {
  if (errno == ELOOP) {
    return dvdi_fail(error,
                     "Cannot bind %s to %s: a part of the second path is a symbolic link, and links are not followed, "
                     "because they may lead out of the container. Replace the link by a folder, or change the volume's "
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
 * The folder that a driver named may be one inside of the volume, where other hosts and tasks can put a link to a
 * folder of this host's in its place.
 */
static int open_source(const struct bind *bind, struct dvdi_error *error) {
  int folder = open(bind->source, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0 && (errno == ENOTDIR || errno == ELOOP)) {
    dvdi_fail(
        error,
        "Cannot bind %s to %s: the first path is a symbolic link or a file. A link is not followed, because a task "
        "that writes to the volume could have created it. The volume's driver must return the path of a folder.",
        bind->source, bind->target);
  } else if (folder < 0) {
    dvdi_fail(error, "Cannot bind %s to %s: the first path cannot be opened: %s.", bind->source, bind->target,
              strerror(errno));
  }
  return folder;
}

static bool is_proved(const struct bind_mount *proved, const struct mount_entry *found) {
  return strcmp(proved->device, found->device) == 0 &&
         (proved->root[0] == '\0' ||
          (strcmp(proved->root, found->root) == 0 && strcmp(proved->point, found->point) == 0));
}

/* Finds the mount that an opened folder is on. The caller closes the table. */
static bool find_mount(const struct bind *bind, int folder, struct mount_table *table, struct mount_entry *entry,
                       struct dvdi_error *error) {
  bool opened = mount_table_open(table);
  if (opened && mount_table_find(table, folder, entry))
    return true;
  int cause = errno;
  if (opened)
    mount_table_close(table);
  return dvdi_fail(error,
                   "Cannot bind %s to %s: /proc/self/fdinfo and mountinfo do not show the mounts of the two paths: %s. "
                   "Linux 3.15 or newer is needed.",
                   bind->source, bind->target, strerror(cause));
}

/*
 * Somebody may have unmounted the volume since it was verified, or mounted something over it. A mount that is replaced
 * from now on does not matter: what is bound is what is open.
 */
static bool check_source(const struct bind *bind, int folder, struct dvdi_error *error) {
  const struct bind_mount *proved = &bind->mount;
  struct mount_table table;
  struct mount_entry found;
  if (proved->device[0] == '\0')
    return true;
  if (!find_mount(bind, folder, &table, &found, error))
    return false;
  bool same = is_proved(proved, &found);
  if (!same) {
    dvdi_fail(error,
              "Cannot bind %s to %s: the volume is no longer what is mounted at the first path. Since it was verified, "
              "it was unmounted, or something else was mounted over it. See what findmnt shows at %s, unmount what "
              "does not belong there, and start the task again. Verified was device %s with the root %s at %s; the "
              "path leads to device %s with the root %s at %s.",
              bind->source, bind->target, proved->point, proved->device, proved->root, proved->point, found.device,
              found.root, found.point);
  }
  mount_table_close(&table);
  return same;
}

static int open_proved(const struct bind *bind, struct dvdi_error *error) {
  int folder = open_source(bind, error);
  if (folder < 0 || check_source(bind, folder, error))
    return folder;
  close(folder);
  return -1;
}

static const char target_advice[] =
    "Cannot bind %s to %s: the mount at %s is shared, so the host would get the bind mount too. The container has a "
    "volume with bidirectional mount propagation on the same mount: remove that propagation. Or, if it is the mount of "
    "the agent's work_dir, make that folder a mount of its own.";
static const char source_advice[] =
    "Cannot bind %s to %s: the mount at %s is shared, so what limits the container's use of it (read-only, nosuid or "
    "nodev) would limit the host's too. The container has a volume with bidirectional mount propagation on the same "
    "mount: remove that propagation.";

/* What is mounted on a shared mount is mounted on its peers as well, and the host's mounts may be among them. */
static bool stays_inside(const struct bind *bind, int folder, bool is_source, struct dvdi_error *error) {
  struct mount_table table;
  struct mount_entry entry;
  if (!find_mount(bind, folder, &table, &entry, error))
    return false;
  if (entry.shared)
    dvdi_fail(error, is_source ? source_advice : target_advice, bind->source, bind->target, entry.point);
  mount_table_close(&table);
  return !entry.shared;
}

static unsigned long limits_of(const struct bind *bind) {
  return (bind->read_only ? MS_RDONLY : 0UL) | (bind->suid ? 0UL : MS_NOSUID | MS_NODEV);
}

static bool bind_opened(const struct bind *bind, int source, int target, struct dvdi_error *error) {
  const unsigned long limits = limits_of(bind);
  if (!stays_inside(bind, target, false, error) || (bind->read_only && !stays_inside(bind, source, true, error)))
    return false;
  bool bound = limits != 0
                   ? bind_limited(source, target, limits)
                   : mount(folder_path(source).text, folder_path(target).text, NULL, MS_BIND | MS_REC, NULL) == 0;
  if (!bound && limits != 0 && is_unknown_call()) {
    if (!stays_inside(bind, source, true, error))
      return false;
    bound = bind_limited_by_steps(source, bind->source, target, limits);
  }
  return bound || dvdi_fail(error, "Cannot bind %s to %s%s: %s.", bind->source, bind->target,
                            bind->read_only ? " read-only" : "", strerror(errno));
}

static bool bind_one(const struct bind *bind, int source, struct dvdi_error *error) {
  int target = open_target(bind);
  if (target < 0)
    return refuse_target(bind, error);
  bool bound = bind_opened(bind, source, target, error);
  close(target);
  return bound;
}

/* A part of either path may be a link, such as the agent's work_dir. True where that cannot be found out. */
static bool is_really_in(const char *path, const char *folder) {
  char *real_path = realpath(path, NULL);
  char *real_folder = realpath(folder, NULL);
  bool inside = real_path == NULL || real_folder == NULL || is_in(real_path, real_folder);
  free(real_path);
  free(real_folder);
  return inside;
}

/* The container has no path of its own for the volume, and sees it where the host has it. */
static bool is_in_place(const struct bind *bind) {
  return strcmp(bind->source, bind->target) == 0;
}

/* Not where it would limit something else that the container has, or its path leads elsewhere by now. */
static bool can_be_covered(const struct bind *bind, const struct bind *binds, size_t count, const char *sandbox) {
  if (is_really_in(sandbox, bind->source))
    return false;
  for (size_t i = 0; i < count; i++) {
    if (!is_in_place(&binds[i]) &&
        (is_really_in(binds[i].target, bind->source) || is_really_in(bind->source, binds[i].target)))
      return false;
  }
  return true;
}

static bool cover_source(const struct bind *bind, struct dvdi_error *error) {
  int source = open_source(bind, error);
  if (source < 0)
    return false;
  if (!bind->read_only && !stays_inside(bind, source, true, error)) {
    /* The volume itself is bound, and a container with such a mount can change the host's mounts anyway. */
    close(source);
    return true;
  }
  bool covered = cover_limited(source, bind->source, limits_of(bind));
  int cause = errno;
  close(source);
  return covered || dvdi_fail(error, "Cannot limit what this container can do at %s (read-only, nosuid, nodev): %s.",
                              bind->source, strerror(cause));
}

static bool bind_sources(const struct bind *binds, const int *sources, size_t count, const char *sandbox,
                         struct dvdi_error *error) {
  for (size_t i = 0; i < count; i++) {
    if (!is_in_place(&binds[i]) && !bind_one(&binds[i], sources[i], error))
      return false;
  }
  /* After all binds, since one would take along what covers its source, and a volume may be bound for writing, too. */
  for (size_t i = 0; i < count && sandbox != NULL; i++) {
    if (limits_of(&binds[i]) != 0 && can_be_covered(&binds[i], binds, count, sandbox) &&
        !cover_source(&binds[i], error))
      return false;
  }
  return true;
}

/* All sources are opened before the first bind, which may hide another one's, or put a folder in its place. */
bool bind_all(const struct bind *binds, size_t count, const char *sandbox, struct dvdi_error *error) {
  int *sources = calloc(count + 1, sizeof *sources);
  if (sources == NULL)
    return dvdi_fail(error, "Cannot bind %zu volumes: %s.", count, strerror(errno));
  size_t opened = 0;
  while (opened < count && (sources[opened] = open_proved(&binds[opened], error)) >= 0)
    opened++;
  bool bound = opened == count && bind_sources(binds, sources, count, sandbox, error);
  while (opened > 0)
    close(sources[--opened]);
  free(sources);
  return bound;
}
