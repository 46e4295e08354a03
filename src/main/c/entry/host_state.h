/* SPDX-License-Identifier: Apache-2.0 */
/* host_state.h - what starting a JVM changes in the process, and what the host gets back. */
#ifndef DVDI_HOST_STATE_H
#define DVDI_HOST_STATE_H

#include <signal.h>

struct dvdi_host_state {
  struct sigaction pipe;         /* SIGPIPE */
  struct sigaction file_too_big; /* SIGXFSZ */
  struct sigaction suspend;      /* SIGUSR2 */
  char *locale;                  /* NULL when it could not be kept */
  char core_filter[16];          /* of /proc/self/coredump_filter; empty when it could not be kept */
};

/* Keeps what dvdi_restore_host_state puts back. */
void dvdi_save_host_state(struct dvdi_host_state *state);

/* Puts it back, exactly as it was, and frees what was kept. */
void dvdi_restore_host_state(struct dvdi_host_state *state);

#endif /* DVDI_HOST_STATE_H */
