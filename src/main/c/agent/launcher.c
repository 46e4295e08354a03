/* SPDX-License-Identifier: Apache-2.0 */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "container_init.h"
#include "environment.h"
#include "log.h"

/* The headers of Debian 11 do not have it. A call as new as this has one number on all processors. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

extern char **environ;

/* A task gets standard input, output and error, and nothing else that the agent, or who started it, had open. */
static void close_others(void) {
  const unsigned first = LAUNCHER_ENVIRONMENT + 1;
  if (syscall(SYS_close_range, first, ~0U, 0) == 0)
    return;
  /* close_range(2) came with Linux 5.9. */
  for (int descriptor = (int)first; descriptor < sysconf(_SC_OPEN_MAX); descriptor++)
    close(descriptor);
}

static bool fail(struct dvdi_error *error, const char *what) {
  return dvdi_fail(error, "%s: %s.", what, strerror(errno));
}

/* As long as /etc is the host's: a volume may be bound there. */
static bool take_user(const char *name, struct container_spec *spec, struct dvdi_error *error) {
  if (name[0] == '\0')
    return true;
  const struct passwd *user = getpwnam(name);
  if (user == NULL)
    return fail(error, "Cannot find the task's user");
  spec->has_user = true;
  spec->uid = user->pw_uid;
  spec->gid = user->pw_gid;
  return initgroups(name, spec->gid) == 0 || fail(error, "Cannot set the groups of the task's user (initgroups)");
}

/* It cuts the container's mounts off from the host's as well. True when it has done all; otherwise it has said why. */
static bool run_bind(char **arguments, struct dvdi_error *error) {
  pid_t child;
  int status;
  int failed = posix_spawn(&child, arguments[0], NULL, NULL, arguments, environ);
  if (failed != 0)
    return dvdi_fail(error, "Cannot start %s: %s.", arguments[0], strerror(failed));
  if (waitpid(child, &status, 0) != child)
    return fail(error, "Cannot wait for dvdi-bind");
  return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
         dvdi_fail(error, "The container's volumes could not be bound; the task does not run.");
}

/* After this nothing that is mounted here is seen outside. */
static bool leave_namespaces(char **bind, struct dvdi_error *error) {
  if (unshare(CLONE_NEWNS) != 0)
    return fail(error, "Cannot create a mount namespace for the container (unshare), which needs CAP_SYS_ADMIN");
  if (!run_bind(bind, error))
    return false;
  /* Later, since the next child is the first process of this one. */
  return unshare(CLONE_NEWPID) == 0 || fail(error, "Cannot create a pid namespace for the container (unshare)");
}

static bool set_up(char **arguments, struct container_spec *spec, struct dvdi_error *error) {
  close_others();
  *spec = (struct container_spec){.environment = environment_read(LAUNCHER_ENVIRONMENT)};
  if (spec->environment == NULL || fcntl(LAUNCHER_CHANNEL, F_SETFD, FD_CLOEXEC) != 0)
    return dvdi_fail(error, "The launcher got no task. Only dvdi-agent can start it.");
  close(LAUNCHER_ENVIRONMENT);
  size_t bind_count = strtoul(arguments[3], NULL, 10);
  char **bind = calloc(bind_count + 1, sizeof *bind);
  if (bind == NULL)
    return fail(error, "Cannot start dvdi-bind");
  memcpy(bind, arguments + 4, bind_count * sizeof *bind);
  spec->id = arguments[0];
  spec->sandbox = arguments[1];
  spec->program = arguments[4 + bind_count];
  spec->arguments = arguments + 5 + bind_count;
  return take_user(arguments[2], spec, error) && leave_namespaces(bind, error);
}

static bool start_init(const struct container_spec *spec, pid_t *init, struct dvdi_error *error) {
  int lives[2];
  if (pipe2(lives, O_CLOEXEC | O_NONBLOCK) != 0)
    return dvdi_fail(error, "Cannot create a pipe: %s.", strerror(errno));
  *init = fork();
  if (*init == 0) {
    close(lives[1]);
    container_init(spec, lives[0]);
  }
  /* lives[1] stays open as long as this process lives. */
  close(lives[0]);
  return *init > 0 || dvdi_fail(error, "Cannot start the container's first process (fork): %s.", strerror(errno));
}

static int wait_for(pid_t init) {
  sigset_t signals;
  sigprocmask(SIG_SETMASK, NULL, &signals);
  int status;
  while (waitpid(init, &status, WNOHANG) != init) {
    int number;
    if (sigwait(&signals, &number) == 0 && number != SIGCHLD)
      kill(init, number);
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int launcher_main(char **arguments) {
  prctl(PR_SET_NAME, "dvdi-launcher");
  char reason[2 * PATH_MAX];
  struct dvdi_error error = {reason, sizeof reason};
  struct container_spec spec;
  struct launch_report report = {0};
  if (!set_up(arguments, &spec, &error) || !start_init(&spec, &report.init, &error)) {
    log_line(DVDI_ERROR, "%s: %s", arguments[0] != NULL ? arguments[0] : "launcher", reason);
    return STATUS_NO_CONTAINER;
  }
  /* When the agent is not there any more, init finds that out by itself: it waits for the agent's go. */
  send(LAUNCHER_CHANNEL, &report, sizeof report, MSG_NOSIGNAL);
  close(LAUNCHER_CHANNEL);
  return wait_for(report.init);
}
