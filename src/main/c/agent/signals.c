/* SPDX-License-Identifier: Apache-2.0 */
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/*
 * A handler and a pipe rather than signalfd(2): that wants the signals blocked, threads of the JVM would inherit the
 * mask, and so would the programs that Java starts, dvdcli for one, which then could not be ended with SIGTERM.
 */
static int ends[2];

static void on_signal(int number) {
  int kept = errno;
  unsigned char byte = (unsigned char)number;
  /* When the pipe is full, there are signals enough. */
  ssize_t written = write(ends[1], &byte, 1);
  (void)written;
  errno = kept;
}

int signals_open(void) {
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    return -1;
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  /* nohup(1) has it ignored, and then it stays so. */
  struct sigaction hangup;
  sigaction(SIGHUP, NULL, &hangup);
  if (hangup.sa_handler != SIG_IGN)
    sigaction(SIGHUP, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  /* Who started the agent may have it ignored, and then the statuses of tasks would be lost (waitpid(2)). */
  signal(SIGCHLD, SIG_DFL);
  return ends[0];
}

int signals_take(void) {
  unsigned char byte;
  return read(ends[0], &byte, 1) == 1 ? byte : 0;
}
