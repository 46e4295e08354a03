/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.h - the agent's side of a launch.
 *
 * The agent has the threads of a JVM, so it cannot set up a container between fork and exec. It starts itself again as
 * a launcher (launcher.h), which has one thread and sets up the container's namespaces. The launcher reports the pid of
 * the container's first process over a socket. The agent records the pid, and then sends "go". If the socket closes
 * before, because the agent was killed, the task does not run.
 */
#ifndef DVDI_AGENT_LAUNCH_H
#define DVDI_AGENT_LAUNCH_H

#include "answers.h"
#include "input.h"

struct launch {
  pid_t launcher;
  int channel;
};

/* Starts a launcher. Its exit status is the task's, or 125 if the setup failed. */
bool launch_start(const char *id, const struct task *task, const char *sandbox, const struct answer *answer,
                  struct launch *launch, struct dvdi_error *error);

/* Receives the report. False if the launcher failed, which it has logged. */
bool launch_take_report(const struct launch *launch, pid_t *init);

/* Lets the task run. */
void launch_go(const struct launch *launch);

#endif /* DVDI_AGENT_LAUNCH_H */
