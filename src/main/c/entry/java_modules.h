/* SPDX-License-Identifier: Apache-2.0 */
/* java_modules.h - where the isolator's jars are. */
#ifndef DVDI_JAVA_MODULES_H
#define DVDI_JAVA_MODULES_H

#include <limits.h>

#include "error.h"

/* Finds the folder of the jars: `parameter` when it is not NULL, else `dvdi` beside this shared library. */
bool dvdi_find_java_modules(const char *parameter, char folder[PATH_MAX], struct dvdi_error *error);

#endif /* DVDI_JAVA_MODULES_H */
