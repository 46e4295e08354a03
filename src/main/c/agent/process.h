/* SPDX-License-Identifier: Apache-2.0 */
/* process.h - identifies processes, although pids are reused. */
#ifndef DVDI_AGENT_PROCESS_H
#define DVDI_AGENT_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
  pid_t pid;        /* 0: no process */
  uint64_t started; /* in clock ticks since boot: field 22 of /proc/PID/stat (proc(5)) */
};

/*
 * Identifies the process that has this pid now. False with errno on failure. ESRCH: there is none, or only a zombie.
 * Any other value, such as EMFILE: unknown.
 */
bool process_identify(pid_t pid, struct process *process);

/*
 * Opens a pidfd (pidfd_open(2)) of this process. -1 with errno on failure. ESRCH: the process has ended. Any other
 * value: it may be alive.
 */
int process_open(const struct process *process);

/* Opens a pidfd of a child that was not reaped yet, even if it has ended. -1 on failure. */
int process_open_child(pid_t child);

/* Sends a signal by a pidfd. */
void process_signal(int pidfd, int number);

/*
 * The boot ID, 36 characters. Pids and start times are meaningless after a reboot. Empty, with errno, if it cannot be
 * read.
 */
const char *process_boot_id(void);

#endif /* DVDI_AGENT_PROCESS_H */
