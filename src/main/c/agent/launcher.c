/* SPDX-License-Identifier: Apache-2.0 */
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "container_init.h"
#include "launch_spec.h"
#include "log.h"

/* A task gets standard input, output and error, and nothing else that the agent, or who started it, had open. */
static void close_others(void) {
  const unsigned first = LAUNCHER_SPEC + 1;
  if (syscall(SYS_close_range, first, ~0U, 0) == 0)
    return;
  /* close_range(2) came with Linux 5.9. */
  for (int descriptor = (int)first; descriptor < sysconf(_SC_OPEN_MAX); descriptor++)
    close(descriptor);
}

/* Makes the namespaces. After this nothing that is mounted here is seen outside. */
static bool leave_namespaces(const struct launch_spec *spec, struct dvdi_error *error) {
  if (unshare(CLONE_NEWNS | CLONE_NEWPID) != 0) {
    return dvdi_fail(error, "Cannot make namespaces for the container (unshare): %s. It needs CAP_SYS_ADMIN.",
                     strerror(errno));
  }
  /* Whatever went wrong: a bind must never be made in the agent's own namespace, where it would stay. */
  char namespace[64];
  if (!mount_namespace(namespace) || strcmp(namespace, spec->agent_namespace) == 0) {
    return dvdi_fail(error, "The container has no mount namespace of its own; nothing was mounted.");
  }
  /* Slave: what the host unmounts goes away here too, and what is mounted here stays here (mount_namespaces(7)). */
  if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) {
    return dvdi_fail(error,
                     "Cannot cut the container's mounts off from the host's: %s. The root of the agent has to be "
                     "a mount point; when it runs in a chroot, bind that folder to itself first.",
                     strerror(errno));
  }
  return true;
}

static bool set_up(struct launch_spec *spec, struct dvdi_error *error) {
  close_others();
  if (!spec_read(LAUNCHER_SPEC, spec, error))
    return false;
  close(LAUNCHER_SPEC);
  if (!leave_namespaces(spec, error))
    return false;
  return bind_all(spec->binds, spec->binds_count, spec->sandbox, error);
}

static bool start_init(const struct launch_spec *spec, const char *id, pid_t *init, struct dvdi_error *error) {
  int lives[2];
  if (pipe2(lives, O_CLOEXEC | O_NONBLOCK) != 0)
    return dvdi_fail(error, "Cannot make a pipe: %s.", strerror(errno));
  *init = fork();
  if (*init == 0) {
    close(lives[1]);
    container_init(spec, id, lives[0]);
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

int launcher_main(const char *id) {
  prctl(PR_SET_NAME, "dvdi-launcher");
  char reason[2 * PATH_MAX];
  struct dvdi_error error = {reason, sizeof reason};
  struct launch_spec spec;
  struct launch_report report = {0};
  if (!set_up(&spec, &error) || !start_init(&spec, id, &report.init, &error)) {
    log_line(DVDI_ERROR, "%s: %s", id, reason);
    return STATUS_NO_CONTAINER;
  }
  /* When the agent is not there any more, init finds that out by itself: it waits for the agent's go. */
  send(LAUNCHER_CHANNEL, &report, sizeof report, MSG_NOSIGNAL);
  close(LAUNCHER_CHANNEL);
  return wait_for(report.init);
}
