/* SPDX-License-Identifier: Apache-2.0 */
/* boot.h - the one call through JNI, after which the two sides speak through their tables. */
#ifndef DVDI_BOOT_H
#define DVDI_BOOT_H

#include <jni.h>

#include "error.h"

/* Calls io.dvdi.module.Boot.boot on a thread of its own, checks what Java filled in, and copies it to `module`. */
bool dvdi_boot_java(JavaVM *jvm, const struct dvdi_host *host, const struct dvdi_entry *parameters, size_t count,
                    struct dvdi_module *module, struct dvdi_error *error);

#endif /* DVDI_BOOT_H */
