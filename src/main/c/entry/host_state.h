/* SPDX-License-Identifier: Apache-2.0 */
/* host_state.h - the process state that starting a JVM changes. It is saved before and restored afterwards. */
#ifndef DVDI_HOST_STATE_H
#define DVDI_HOST_STATE_H

#include <signal.h>

struct dvdi_host_state {
  struct sigaction pipe;         /* SIGPIPE */
  struct sigaction file_too_big; /* SIGXFSZ */
  struct sigaction suspend;      /* SIGUSR2 */
  char *locale;                  /* NULL if it could not be saved */
  char core_filter[16];          /* of /proc/self/coredump_filter; empty if it could not be saved */
};

/* Saves the state for dvdi_restore_host_state. */
void dvdi_save_host_state(struct dvdi_host_state *state);

/* Restores the state, and frees the saved copy. */
void dvdi_restore_host_state(struct dvdi_host_state *state);

#endif /* DVDI_HOST_STATE_H */
