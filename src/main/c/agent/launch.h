/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.h - the agent's side of a launch.
 *
 * The agent has the threads of a JVM, so nothing can be set up between fork and exec in it. It starts itself anew as
 * a launcher (launcher.h), which has one thread and sets up the container's namespaces. The launcher reports the pid
 * of the container's first process over a socket; the agent puts that on record, and only then says go. When the
 * socket closes before that, because the agent was killed, the task never runs.
 */
#ifndef DVDI_AGENT_LAUNCH_H
#define DVDI_AGENT_LAUNCH_H

#include "answers.h"
#include "input.h"

struct launch {
  pid_t launcher;
  int channel;
};

/* Starts a launcher. Its exit status is the task's, or 125 when there is none because the set-up failed. */
bool launch_start(const char *id, const struct task *task, const char *sandbox, const struct answer *answer,
                  struct launch *launch, struct dvdi_error *error);

/* Takes the report. False when there is none, since the launcher failed; it has said why. */
bool launch_take_report(const struct launch *launch, pid_t *init);

/* Lets the task run. */
void launch_go(const struct launch *launch);

#endif /* DVDI_AGENT_LAUNCH_H */
