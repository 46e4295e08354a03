/* SPDX-License-Identifier: Apache-2.0 */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "environment.h"
#include "launcher.h"

extern char **environ;

/* Moves a descriptor above those that dup2 is about to replace in the launcher. */
static int move_up(int descriptor) {
  if (descriptor < 0)
    return -1;
  int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 10);
  close(descriptor);
  return moved;
}

/* Beside this program. */
static const char *bind_program(void) {
  static char path[PATH_MAX];
  ssize_t size = readlink("/proc/self/exe", path, sizeof path - sizeof "dvdi-bind");
  char *folder_end = size > 0 ? memrchr(path, '/', (size_t)size) : NULL;
  if (folder_end != NULL)
    strcpy(folder_end + 1, "dvdi-bind");
  return path;
}

/* What makes the binds, in the form of dvdi-bind --help. Where the base does not contain a target it has no effect. */
static size_t put_binds(const char **to, const char *namespace, const char *sandbox, const struct answer *answer) {
  const char **at = to;
  *at++ = bind_program();
  *at++ = namespace;
  *at++ = "slave";
  *at++ = sandbox;
  for (size_t i = 0; i < answer->binds_count; i++) {
    const struct dvdi_bind *bind = &answer->binds[i];
    *at++ = bind->read_only ? bind->suid ? "ro,suid" : "ro" : bind->suid ? "rw,suid" : "rw";
    *at++ = bind->source.data;
    *at++ = bind->mount.device.data;
    *at++ = bind->mount.root.data;
    *at++ = bind->mount.mountpoint.data;
    *at++ = sandbox;
    *at++ = bind->target.data;
  }
  return (size_t)(at - to);
}

/* The mount namespace of this process: mnt:[4026531841] (namespaces(7)). */
static bool name_namespace(char name[64]) {
  ssize_t size = readlink("/proc/self/ns/mnt", name, 63);
  name[size > 0 ? size : 0] = '\0';
  return size > 0;
}

static int spawn(const char **arguments, int channel, int environment, pid_t *launcher) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, channel, LAUNCHER_CHANNEL);
  posix_spawn_file_actions_adddup2(&files, environment, LAUNCHER_ENVIRONMENT);
  /* Blocked from the start, so that the launcher can wait for them and none is lost. */
  sigset_t blocked;
  sigset_t all;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGINT);
  sigaddset(&blocked, SIGCHLD);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &blocked);
  posix_spawnattr_setsigdefault(&attributes, &all);
  /* A session of its own: Ctrl-C at the agent's terminal is for the agent, and a hangup does not reach the task. */
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (short)POSIX_SPAWN_SETSID);
  int failed = posix_spawn(launcher, "/proc/self/exe", &files, &attributes, (char **)(uintptr_t)arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

/* In the form that launcher.h describes. */
static int spawn_for(const char *id, const struct task *task, const char *sandbox, const struct answer *answer,
                     int channel, int environment, pid_t *launcher) {
  char namespace[64];
  char bind_count[32];
  const char **arguments = calloc(12 + 7 * answer->binds_count + task->arguments_count, sizeof *arguments);
  if (arguments == NULL || !name_namespace(namespace)) {
    free(arguments);
    return errno;
  }
  const char **at = arguments;
  *at++ = "dvdi-agent";
  *at++ = LAUNCHER_MODE;
  *at++ = id;
  *at++ = sandbox;
  *at++ = task->user != NULL ? task->user : "";
  *at++ = bind_count;
  size_t count = put_binds(at, namespace, sandbox, answer);
  snprintf(bind_count, sizeof bind_count, "%zu", count);
  at += count;
  *at++ = task->program;
  memcpy(at, task->arguments, task->arguments_count * sizeof *at);
  int failed = spawn(arguments, channel, environment, launcher);
  free(arguments);
  return failed;
}

bool launch_start(const char *id, const struct task *task, const char *sandbox, const struct answer *answer,
                  struct launch *launch, struct dvdi_error *error) {
  int ends[2] = {-1, -1};
  int environment = move_up(environment_write(task, sandbox, answer));
  int failed = environment < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0 ? errno : 0;
  ends[1] = move_up(ends[1]);
  if (failed == 0 && ends[1] < 0)
    failed = EMFILE;
  if (failed == 0)
    failed = spawn_for(id, task, sandbox, answer, ends[1], environment, &launch->launcher);
  if (environment >= 0)
    close(environment);
  if (ends[1] >= 0)
    close(ends[1]);
  if (failed == 0) {
    launch->channel = ends[0];
    return true;
  }
  if (ends[0] >= 0)
    close(ends[0]);
  return dvdi_fail(error, "Cannot start the launcher of a container: %s. Check the limits of processes and open files.",
                   strerror(failed));
}

bool launch_take_report(const struct launch *launch, pid_t *init) {
  struct launch_report report;
  if (recv(launch->channel, &report, sizeof report, MSG_DONTWAIT) != sizeof report)
    return false;
  *init = report.init;
  return true;
}

void launch_go(const struct launch *launch) {
  /* When nobody is there to hear it, the launcher has ended, which its pidfd tells. */
  send(launch->channel, "", 1, MSG_NOSIGNAL);
}
