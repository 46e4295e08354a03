/* SPDX-License-Identifier: Apache-2.0 */
/* jvm.h - the one JVM of this process. */
#ifndef DVDI_JVM_H
#define DVDI_JVM_H

#include <jni.h>

#include "error.h"
#include "java_home.h"

/* The JVM that dvdi_start_jvm started, or NULL. */
JavaVM *dvdi_jvm(void);

/* Marks the JVM as unusable. From now on, dvdi_start_jvm fails. */
void dvdi_give_up_jvm(void);

/* The arguments for starting a JVM. */
struct dvdi_start {
  const struct dvdi_java *java;
  const char *java_modules;     /* the folder of the jars */
  const char *operator_options; /* the module parameter jvm_options, or NULL */
  const struct dvdi_host *host; /* its log gets the output of the JVM */
};

/* Starts the JVM, once in a process. Restores the host's signal handlers, locale and so on (host_state.h). */
bool dvdi_start_jvm(const struct dvdi_start *start, struct dvdi_error *error);

#endif /* DVDI_JVM_H */
