/* SPDX-License-Identifier: Apache-2.0 */
/* ending.h - ends tasks early: after a signal to the agent, or after --for. */
#ifndef DVDI_AGENT_ENDING_H
#define DVDI_AGENT_ENDING_H

#include "container.h"

/*
 * First each task gets SIGTERM. After some seconds, or at a second signal, all its processes are killed. Processes that
 * do not end even then are left to the next agent. A third signal ends the agent at once.
 */
struct ending {
  struct loop *loop;
  struct containers *containers;
  struct container **items; /* those of the tasks */
  const size_t *count;
  int status; /* 128 + the number of the signal that ended the agent; 0: no signal */
  unsigned signals_seen;
  unsigned step;
  struct watch signals;
  struct watch time; /* --for */
  struct watch patience;
};

/* Starts to watch for signals. False with errno on failure. */
bool ending_open(struct ending *ending);

/* Ends the tasks after this time. False with errno on failure. */
bool ending_after(struct ending *ending, uint64_t milliseconds);

#endif /* DVDI_AGENT_ENDING_H */
