/* SPDX-License-Identifier: Apache-2.0 */
/* jvm_options.h - the options that the JVM is started with. */
#ifndef DVDI_JVM_OPTIONS_H
#define DVDI_JVM_OPTIONS_H

#include <jni.h>
#include <stdbool.h>

#include "jvm.h"

struct dvdi_jvm_options {
  JavaVMOption *options;
  jint count;
};

/* Functions that the JVM calls to end the process. */
struct dvdi_jvm_hooks {
  void(JNICALL *exit)(jint status);
  void(JNICALL *abort)(void);
};

/*
 * Lists the hooks, the built-in options, and the operator's options, which are separated by spaces. Returns false if
 * memory ran out. The caller frees the list with dvdi_free_jvm_options.
 */
bool dvdi_list_jvm_options(const struct dvdi_jvm_hooks *hooks, const struct dvdi_start *start,
                           struct dvdi_jvm_options *list);

void dvdi_free_jvm_options(struct dvdi_jvm_options *list);

#endif /* DVDI_JVM_OPTIONS_H */
