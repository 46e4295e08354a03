/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launcher.h - the process that sets up a container and waits for its task.
 *
 *     agent ── launcher ── init ── task        (pid namespace of the container: init and below)
 *
 * The launcher outlives the agent. If it is killed, the kernel kills init, and with it all processes in the pid
 * namespace (pid_namespaces(7)).
 */
#ifndef DVDI_AGENT_LAUNCHER_H
#define DVDI_AGENT_LAUNCHER_H

#include <sys/types.h>

/* The first argument that makes dvdi-agent a launcher, and the descriptors that the agent gives it (environment.h). */
#define LAUNCHER_MODE "launch"
enum { LAUNCHER_CHANNEL = 3, LAUNCHER_ENVIRONMENT = 4 };

/* The minimum, including the program's name. */
enum { LAUNCHER_ARGUMENTS = 8 };

/* The status of a container that could not be set up, and of a task that could not be executed (as with sh(1)). */
enum { STATUS_NO_CONTAINER = 125, STATUS_NOT_EXECUTABLE = 126, STATUS_NOT_FOUND = 127 };

/* The message of the launcher to the agent. */
struct launch_report {
  pid_t init; /* as the agent sees it */
};

/*
 * Runs as a launcher, with SIGTERM, SIGINT and SIGCHLD blocked. Returns the exit status. The arguments end with NULL:
 *
 *     ID SANDBOX USER COUNT [DVDI-BIND ARGUMENT...] PROGRAM NAME ARGUMENT...
 *
 * COUNT is the number of arguments in brackets; the first of them is the path of dvdi-bind.
 */
int launcher_main(char **arguments);

#endif /* DVDI_AGENT_LAUNCHER_H */
