/* SPDX-License-Identifier: Apache-2.0 */
/* host.h - the smallest host of the module: it loads the library that the embedded agent loads, and waits for answers.
 */
#ifndef DVDI_BENCHMARK_HOST_H
#define DVDI_BENCHMARK_HOST_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Loads the library and starts Java. `parameters` has count entries of the form NAME=VALUE. Ends the process with a
 * message if that fails. Call it once.
 */
void host_open(const char *library, char *const *parameters, int count);

/* Recovers no container, and waits for the answer. Call it once, before any task. */
void host_recover(void);

/* What a task asks for: `volumes` volumes of a driver, named NAME, NAME-1, NAME-2 and so on. */
struct host_task {
  const char *id;
  const char *driver;
  const char *sandbox; /* a folder that exists */
  const char *name;
  unsigned volumes;
};

/* A call that is under way. */
struct host_call;

/* Prepares a task's container; host_wait waits for the end. */
struct host_call *host_prepare(const struct host_task *task);

/* Releases the container's volumes; host_wait waits for the end. */
struct host_call *host_cleanup(const char *id);

/* Waits for the answer of a call and frees the call. Ends the process with a message if the call failed. */
void host_wait(struct host_call *call);

/* Closes the module and ends the JVM. */
void host_close(void);

/* The time of CLOCK_MONOTONIC in ns. */
uint64_t now(void);

#endif /* DVDI_BENCHMARK_HOST_H */
