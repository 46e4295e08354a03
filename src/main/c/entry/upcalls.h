/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upcalls.h - lets threads of the host call Java.
 *
 * What goes wrong before Java's first instruction cannot be handled in Java: HotSpot aborts the process if it cannot
 * attach the calling thread, and ends it if the stack overflows on the way in. So the host calls functions that
 * attach the thread themselves, look at its stack, and return an error.
 */
#ifndef DVDI_UPCALLS_H
#define DVDI_UPCALLS_H

#include <jni.h>

#include "error.h"

/*
 * Rehearses the functions of `java`, on a thread that is attached. The JVM loads, links and specialises the way into
 * Java during the first calls, outside of the code that handles a full heap.
 */
void dvdi_rehearse_upcalls(const struct dvdi_module *java);

/* Fills `module` with functions that call those of `java`. */
bool dvdi_guard_upcalls(JavaVM *jvm, const struct dvdi_host *host, const struct dvdi_module *java,
                        struct dvdi_module *module, struct dvdi_error *error);

/*
 * The JVM is about to end: further calls are refused. Threads that end do not leave the JVM any more, since each would
 * wait until the process is gone.
 */
void dvdi_end_upcalls(void);

#endif /* DVDI_UPCALLS_H */
