/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash.h - what happens when the process crashes: first the JVM's report, then what would happen without a JVM.
 *
 * HotSpot calls a handler that was there before it, such as that of glog, before it reports. Such a handler ends the
 * process, and there is no report. So HotSpot finds no handler, and the former one is called afterwards.
 */
#ifndef DVDI_CRASH_H
#define DVDI_CRASH_H

#include <stdbool.h>

/* Saves the host's handlers of SIGSEGV, SIGBUS, SIGFPE and SIGILL, and resets these signals. */
void dvdi_hide_crash_handlers(void);

/* Puts a handler in front of those that the JVM has set since. Restores the host's where it has set none. */
void dvdi_follow_crashes(void);

/* Whether this thread handles one of these signals. */
bool dvdi_is_crash(void);

/*
 * If this thread handles one of these signals: calls the host's handler, and ends the process by this signal. For the
 * JVM's hook `abort`, which it calls after its report.
 */
void dvdi_crash_as_without_jvm(void);

#endif /* DVDI_CRASH_H */
