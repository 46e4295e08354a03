/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dvdi-bind: makes the bind mounts of one container, in the container's mount namespace. The launcher of Mesos or of
 * the embedded agent runs it as root before the container's command.
 *
 * Mesos' launcher can make binds by itself since Mesos 1.5 (ContainerLaunchInfo.mounts), and mount(8) could before
 * that; both follow symbolic links. A sandbox belongs to the task's user, who may have other tasks that run already:
 * the tasks of a group have their sandboxes in one another's reach. Between the isolator's look at a target and the
 * bind such a task could put a link there, and have its volume bound over /etc, where programs with the set-user-ID bit
 * would believe it. Here no link is followed below BASE.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "bind.h"

enum { STATUS_USAGE = 2 };

/* Arguments in front of the binds, the program's name included, and of each bind. */
enum { FIRST = 4, BIND = 7 };

static const char usage[] =
    "Usage: dvdi-bind NAMESPACE as-is|slave SANDBOX [MODE SOURCE DEVICE ROOT POINT BASE TARGET]...\n"
    "       dvdi-bind --help | --version\n"
    "\n"
    "Makes the bind mounts of one container in its mount namespace. The agent's launcher starts this program.\n"
    "\n"
    "  NAMESPACE  the agent's mount namespace, such as mnt:[4026531841]; nothing is mounted in it\n"
    "  slave      first make all mounts of the container slaves of the host's, for launchers that do not\n"
    "  SANDBOX    the container's sandbox; empty if the container has an image\n"
    "  MODE       rw or ro: whether the container may write. With `,suid`, set-user-ID bits and device files of the\n"
    "             volume count; without it, the bind mount is nosuid and nodev\n"
    "  DEVICE, ROOT, POINT\n"
    "             the mount that must contain SOURCE: fields 3 to 5 of /proc/self/mountinfo, without escapes.\n"
    "             All empty: SOURCE is a plain directory, and is not verified. ROOT empty: only DEVICE is compared\n"
    "  BASE       a folder whose path no task can change. TARGET is below it, and links there are not followed\n"
    "  TARGET     the same as SOURCE: the container uses the volume there, where nothing is bound but MODE holds\n";

static int fail(const char *text) {
  fprintf(stderr, "dvdi-bind: %s\n", text);
  return 1;
}

static int fail_with_cause(const char *what) {
  fprintf(stderr, "dvdi-bind: %s: %s.\n", what, strerror(errno));
  return 1;
}

/* A container that shares the agent's namespace would have its volumes bound for every other task and the host. */
static int check_namespace(const char *agent_namespace) {
  char own[64];
  ssize_t size = readlink("/proc/self/ns/mnt", own, sizeof own - 1);
  if (size < 0)
    return fail_with_cause("Cannot read /proc/self/ns/mnt");
  own[size] = '\0';
  if (strcmp(own, agent_namespace) != 0)
    return 0;
  return fail(
      "This container has no mount namespace of its own, so the whole host would get its bind mounts. "
      "Start the agent with --launcher=linux.");
}

static struct bind *read_binds(char **arguments, size_t count) {
  struct bind *binds = calloc(count + 1, sizeof *binds);
  for (size_t i = 0; binds != NULL && i < count; i++, arguments += BIND) {
    binds[i] = (struct bind){.source = arguments[1],
                             .mount = {arguments[2], arguments[3], arguments[4]},
                             .base = arguments[5],
                             .target = arguments[6],
                             .read_only = strncmp(arguments[0], "ro", 2) == 0,
                             .suid = arguments[0][2] != '\0'};
  }
  return binds;
}

static bool is_mode(const char *word) {
  return (strncmp(word, "rw", 2) == 0 || strncmp(word, "ro", 2) == 0) &&
         (word[2] == '\0' || strcmp(word + 2, ",suid") == 0);
}

static bool are_right(int count, char **arguments) {
  bool right = count >= FIRST && (count - FIRST) % BIND == 0;
  for (int i = FIRST; right && i < count; i += BIND)
    right = is_mode(arguments[i]);
  return right;
}

int main(int count, char **arguments) {
  const char *word = count == 2 ? arguments[1] : "";
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
    fputs(usage, stdout);
    return 0;
  }
  if (strcmp(word, "--version") == 0) {
    puts("dvdi-bind " DVDI_RELEASE);
    return 0;
  }
  if (!are_right(count, arguments)) {
    fail(
        "Wrong arguments. The host's launcher starts this program; see dvdi-bind --help. If dvdi was updated, restart "
        "the agent, which still has the library of the other version.");
    return STATUS_USAGE;
  }
  if (check_namespace(arguments[1]) != 0)
    return 1;
  if (strcmp(arguments[2], "slave") == 0 && mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) != 0)
    return fail_with_cause(
        "Cannot make the container's mounts slaves of the host's. If the agent runs in a chroot, its root must be a "
        "mount point: bind that folder to itself first");
  size_t binds_count = (size_t)(count - FIRST) / BIND;
  struct bind *binds = read_binds(arguments + FIRST, binds_count);
  if (binds == NULL)
    return fail_with_cause("Cannot read the arguments");
  char text[16384]; /* an error may have six paths */
  struct dvdi_error error = {text, sizeof text};
  bool bound = bind_all(binds, binds_count, arguments[3][0] != '\0' ? arguments[3] : NULL, &error);
  free(binds);
  return bound ? 0 : fail(text);
}
