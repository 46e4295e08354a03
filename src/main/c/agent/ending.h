/* SPDX-License-Identifier: Apache-2.0 */
/* ending.h - how tasks are ended before their time: by a signal to the agent, or by --for. */
#ifndef DVDI_AGENT_ENDING_H
#define DVDI_AGENT_ENDING_H

#include "container.h"

/*
 * First every task gets SIGTERM; after a while, or at a second signal, all its processes are killed; and what does not
 * even end then is left to the next agent. A third signal ends the agent at once.
 */
struct ending {
  struct loop *loop;
  struct containers *containers;
  struct container **items; /* those of the tasks */
  const size_t *count;
  int status; /* 128 and the number of the signal that ended the agent; 0: none did */
  unsigned signals_seen;
  unsigned step;
  struct watch signals;
  struct watch time; /* --for */
  struct watch patience;
};

/* Starts to wait for signals. False with errno on failure. */
bool ending_open(struct ending *ending);

/* Ends the tasks after that time. False with errno on failure. */
bool ending_after(struct ending *ending, uint64_t milliseconds);

#endif /* DVDI_AGENT_ENDING_H */
