/* SPDX-License-Identifier: Apache-2.0 */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "launch_spec.h"
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

static int spawn(const char *id, int channel, int spec, pid_t *launcher) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, channel, LAUNCHER_CHANNEL);
  posix_spawn_file_actions_adddup2(&files, spec, LAUNCHER_SPEC);
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
  char *const arguments[] = {(char[]){"dvdi-agent"}, (char[]){LAUNCHER_MODE}, (char *)(uintptr_t)id, NULL};
  int failed = posix_spawn(launcher, "/proc/self/exe", &files, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

bool launch_start(const char *id, const struct task *task, const char *sandbox, const struct answer *answer,
                  struct launch *launch, struct dvdi_error *error) {
  int spec = spec_write(task, sandbox, answer, error);
  if (spec < 0)
    return false;
  int ends[2] = {-1, -1};
  int failed = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : errno;
  spec = move_up(spec);
  ends[1] = move_up(ends[1]);
  if (failed == 0 && (spec < 0 || ends[1] < 0))
    failed = EMFILE;
  if (failed == 0)
    failed = spawn(id, ends[1], spec, &launch->launcher);
  if (spec >= 0)
    close(spec);
  if (ends[1] >= 0)
    close(ends[1]);
  if (failed == 0) {
    launch->channel = ends[0];
    return true;
  }
  if (ends[0] >= 0)
    close(ends[0]);
  return dvdi_fail(error, "Cannot start the launcher of a container: %s. Look at the limits of processes and files.",
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
