/* SPDX-License-Identifier: Apache-2.0 */
/* java_modules.h - where the isolator's jars are. */
#ifndef DVDI_JAVA_MODULES_H
#define DVDI_JAVA_MODULES_H

#include <limits.h>

#include "error.h"

/* Finds the folder of the jars, which is `dvdi` beside this shared library. */
bool dvdi_find_java_modules(char folder[PATH_MAX], struct dvdi_error *error);

/* The same, for a library in the folder `own`. */
bool dvdi_find_java_modules_beside(const char *own, char folder[PATH_MAX], struct dvdi_error *error);

#endif /* DVDI_JAVA_MODULES_H */
