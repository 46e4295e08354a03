/* SPDX-License-Identifier: Apache-2.0 */
/* process.h - processes that are told apart although pids are used again. */
#ifndef DVDI_AGENT_PROCESS_H
#define DVDI_AGENT_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
  pid_t pid;        /* 0: there is none */
  uint64_t started; /* in clock ticks since the machine was started: field 22 of /proc/PID/stat (proc(5)) */
};

/*
 * Identifies the process that has this pid now. False with errno on failure: ESRCH when there is none, or only a
 * zombie is left; anything else, EMFILE for one, means that it cannot be told.
 */
bool process_identify(pid_t pid, struct process *process);

/*
 * Opens a pidfd (pidfd_open(2)) of this very process. -1 with errno on failure: ESRCH when it has ended; anything else
 * means that it may live.
 */
int process_open(const struct process *process);

/* Opens a pidfd of a child that was not waited for yet, also when it has ended already. -1 on failure. */
int process_open_child(pid_t child);

/* Sends a signal by a pidfd. */
void process_signal(int pidfd, int number);

/*
 * The id of this start of the machine, 36 characters: pids and start times mean nothing after the next one. Empty,
 * with errno, when it cannot be read.
 */
const char *process_boot_id(void);

#endif /* DVDI_AGENT_PROCESS_H */
