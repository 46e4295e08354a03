/* SPDX-License-Identifier: Apache-2.0 */
/* jvm.h - the one JVM of this process. */
#ifndef DVDI_JVM_H
#define DVDI_JVM_H

#include <jni.h>

#include "error.h"
#include "java_home.h"

/* The JVM that dvdi_start_jvm started, or NULL. */
JavaVM *dvdi_jvm(void);

/* The JVM came to a state in which it must not be used any more; dvdi_start_jvm refuses from now on. */
void dvdi_give_up_jvm(void);

/* What a JVM is started with. */
struct dvdi_start {
  const struct dvdi_java *java;
  const char *java_modules;     /* the folder of the jars */
  const char *operator_options; /* the module parameter jvm_options, or NULL */
  const struct dvdi_host *host; /* whose log gets what the JVM prints */
};

/* Starts the JVM, once in a process. The host's signals, locale and the like are as before afterwards. */
bool dvdi_start_jvm(const struct dvdi_start *start, struct dvdi_error *error);

#endif /* DVDI_JVM_H */
