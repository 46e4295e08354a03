/* SPDX-License-Identifier: Apache-2.0 */
/* jvm_words.h - the output of the JVM. It goes to the host's log, and its last lines into error messages. */
#ifndef DVDI_JVM_WORDS_H
#define DVDI_JVM_WORDS_H

#include <jni.h>
#include <stdarg.h>
#include <stdio.h>

#include "../dvdi.h"

/* The room for the last lines. */
#define DVDI_LAST_WORDS 1024

/* Sends further output to the log of `host`, and forgets the last lines. */
void dvdi_hear_jvm(const struct dvdi_host *host);

/* The JVM's hook `vfprintf`. */
jint JNICALL dvdi_jvm_prints(FILE *file, const char *format, va_list arguments);

/* Copies the last lines that the JVM printed, joined by spaces. Empty if it printed none. */
void dvdi_last_words(char words[DVDI_LAST_WORDS]);

#endif /* DVDI_JVM_WORDS_H */
