/* SPDX-License-Identifier: Apache-2.0 */
#include "container_init.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "environment.h"
#include "launcher.h"
#include "log.h"

static _Noreturn void give_up(const char *id, const char *what) {
  log_line(DVDI_ERROR, "%s: %s: %s.", id, what, strerror(errno));
  _exit(STATUS_NO_CONTAINER);
}

/* Ties this process to the launcher: whatever ends that one kills this one, and with it the container. */
static void die_with_launcher(const char *id, int launcher_lives) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    give_up(id, "Cannot tie the container to its launcher (prctl)");
  /* The launcher may have died before that. Then its end of the pipe is closed, and there is an end of file to read. */
  char byte;
  if (read(launcher_lives, &byte, 1) == 0)
    _exit(STATUS_NO_CONTAINER);
  close(launcher_lives);
}

static void wait_for_go(void) {
  char byte;
  ssize_t received;
  do {
    received = recv(LAUNCHER_CHANNEL, &byte, 1, 0);
  } while (received < 0 && errno == EINTR);
  if (received != 1)
    _exit(STATUS_NO_CONTAINER);
  close(LAUNCHER_CHANNEL);
}

/* For good: with the saved IDs as well, there is no way back (setresuid(2)). The launcher has taken the groups. */
static void become_user(const struct container_spec *spec) {
  if (setresgid(spec->gid, spec->gid, spec->gid) != 0 || setresuid(spec->uid, spec->uid, spec->uid) != 0)
    give_up(spec->id, "Cannot become the task's user (setresuid)");
}

static _Noreturn void run_task(const struct container_spec *spec) {
  setsid();
  if (chdir(spec->sandbox) != 0)
    give_up(spec->id, "Cannot enter the sandbox");
  if (spec->has_user)
    become_user(spec);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  /* execvp(3) looks for the program on the PATH of the task's own environment. */
  environment_take(spec->environment);
  execvp(spec->program, spec->arguments);
  int cause = errno;
  log_line(DVDI_ERROR, "%s: Cannot run the program %s: %s.", spec->id, spec->program, strerror(cause));
  _exit(cause == ENOENT || cause == ENOTDIR ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

/* Waits for whatever has ended. True when the task is among it. */
static bool reap(pid_t task, int *status) {
  bool ended = false;
  int any;
  for (pid_t pid; (pid = waitpid(-1, &any, WNOHANG)) > 0;) {
    if (pid != task)
      continue;
    *status = any;
    ended = true;
  }
  return ended;
}

static void forward(pid_t task, int number) {
  /* To its process group, as Mesos does. Until setsid has made that, the task is all there is. */
  if (kill(-task, number) != 0)
    kill(task, number);
}

void container_init(const struct container_spec *spec, int launcher_lives) {
  const char *id = spec->id;
  die_with_launcher(id, launcher_lives);
  prctl(PR_SET_NAME, "dvdi-init");
  if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) {
    give_up(id, "Cannot mount /proc for the container's pid namespace");
  }
  wait_for_go();
  pid_t task = fork();
  if (task < 0)
    give_up(id, "Cannot start the task (fork)");
  if (task == 0)
    run_task(spec);
  sigset_t signals;
  sigprocmask(SIG_SETMASK, NULL, &signals);
  int status = 0;
  /* The signals are blocked, and so they wait until they are taken here. */
  for (int number; !reap(task, &status);) {
    if (sigwait(&signals, &number) == 0 && number != SIGCHLD)
      forward(task, number);
  }
  _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}
