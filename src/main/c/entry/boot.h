/* SPDX-License-Identifier: Apache-2.0 */
/* boot.h - the only call of Java through JNI. Afterwards the two sides use their tables. */
#ifndef DVDI_BOOT_H
#define DVDI_BOOT_H

#include <jni.h>

#include "error.h"

/* Calls io.dvdi.module.Boot.boot on a new thread, checks the table that Java filled, and fills `module` (upcalls.h). */
bool dvdi_boot_java(JavaVM *jvm, const struct dvdi_host *host, const struct dvdi_entry *parameters, size_t count,
                    struct dvdi_module *module, struct dvdi_error *error);

#endif /* DVDI_BOOT_H */
