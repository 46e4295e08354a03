/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dvdi_entry.h - starts the isolator: finds Java, starts the JVM in this process, and boots the Java side.
 *
 * It is a static library, which the Mesos adapter and the embedded agent's module use.
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
 * Starts the isolator and fills `module`. Returns 0 on success. On failure, returns 1, and `error` says what happened,
 * why, and what to change. `host` must live until the process ends, even after a failure, because the JVM logs to it.
 *
 * All parameters are passed to Java. These are also read here:
 *   java_home    the Java to use. Default: JAVA_HOME, otherwise the newest in the usual places.
 *   jvm_options  options for the JVM, separated by spaces. They come last, and override the built-in ones.
 *
 * The isolator's jars are in the folder `dvdi` next to this shared library.
 *
 * The functions in `module` may be called on any thread. A thread is attached to the JVM at its first call, and
 * detached when it ends. Each call needs 256 KiB of its stack.
 *
 * A process can have one JVM. If Java refused the parameters, dvdi_open may be called again. If the JVM failed to
 * start, another call usually fails too, and the error says so.
 *
 * Requirements for the host:
 *   - It must ignore SIGPIPE, or handle it. Java writes to sockets, and expects EPIPE.
 *   - The JVM handles SIGSEGV, SIGBUS, SIGFPE and SIGILL from here on. One that is not its own is a crash: the JVM
 *     writes its report to standard error, the previous handler is called, and the process ends by the signal. The JVM
 *     also handles SIGUSR2, unless the host had a handler for it.
 *   - The variables JAVA_TOOL_OPTIONS and _JAVA_OPTIONS must not be set.
 *   - The shared library that contains this code must never be unloaded (link it with -z nodelete).
 */
int dvdi_open(const struct dvdi_host *host, const struct dvdi_entry *parameters, size_t count,
              struct dvdi_module *module, char *error, size_t error_size);

/*
 * Ends the JVM. For a host that is about to exit, after dvdi_module.close. Optional: the process may also exit without
 * it. Waits at most `milliseconds`. Returns 0 if the JVM has ended, was never started, or still ends; 1 if it failed,
 * in which case the host must not report success. Afterwards all calls are refused with DVDI_CLOSED, and the process
 * can only exit.
 */
int dvdi_end(unsigned milliseconds);

/* Why a function of dvdi_module refused a call, for a person. `code` is its return value. The text is static. */
const char *dvdi_refusal(int32_t code);

#ifdef __cplusplus
}
#endif

#endif /* DVDI_ENTRY_H */
