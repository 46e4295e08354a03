/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dvdi_entry.h - starts the isolator: finds Java, starts the JVM in this process, boots the Java side.
 *
 * Built as a static library, for whatever loads the isolator: the Mesos adapter and the embedded agent's module.
 */
#ifndef DVDI_ENTRY_H
#define DVDI_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "../dvdi.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Starts the isolator and fills `module`. Returns 0, or 1 with a text in `error` that says what happened, why, and
 * what to change. `host` must live until the process ends, even after a failure: the JVM's own lines go to its log.
 *
 * These parameters are read here; all parameters, these included, are handed to Java:
 *   java_home    the Java to use. Default: JAVA_HOME, else the newest under the usual places.
 *   jvm_options  options for the JVM, split at spaces; a later one wins, and these come last.
 *
 * The isolator's jars are in the folder `dvdi` beside this shared library.
 *
 * A process gets one JVM. When the JVM is up and Java refused the parameters, dvdi_open may be called again. When the
 * JVM itself failed to start, it mostly may not, and the error says so.
 *
 * What the host has to know:
 *   - It must ignore SIGPIPE, or handle it. Java writes to sockets, and expects EPIPE rather than a signal.
 *   - SIGSEGV, SIGBUS, SIGFPE and SIGILL belong to the JVM from here on; what is not its own it passes on to the
 *     handlers that were there before. SIGUSR2 too, unless the host had a handler of its own for it.
 *   - The shared library that holds this code must never be unloaded (link it with -z nodelete).
 */
int dvdi_open(const struct dvdi_host *host, const struct dvdi_entry *parameters, size_t count,
              struct dvdi_module *module, char *error, size_t error_size);

/*
 * Ends the JVM in order, so that its shutdown hooks run: for a host that is about to exit, after dvdi_module.close.
 * Optional: a process may also just exit. Waits no longer than `milliseconds`; returns 0 when the JVM has ended (or
 * was never there). The module must not be called afterwards, and only exiting makes sense for the process.
 */
int dvdi_end(unsigned milliseconds);

/* Why a function of dvdi_module refused a call, for a person. `code` is what it returned. */
const char *dvdi_refusal(int32_t code);

#ifdef __cplusplus
}
#endif

#endif /* DVDI_ENTRY_H */
