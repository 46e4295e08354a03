/* SPDX-License-Identifier: Apache-2.0 */
/* java_version.h - what the file `release` of a Java home says, and versions as it writes them. */
#ifndef DVDI_JAVA_VERSION_H
#define DVDI_JAVA_VERSION_H

#include <stdbool.h>
#include <stddef.h>

/* Reads OS_ARCH out of the file at `path`, without its quotes: x86_64, aarch64. False when it does not say. */
bool dvdi_java_processor(const char *path, char *processor, size_t size);

/*
 * Reads JAVA_VERSION out of the file at `path`, without its quotes. False when the file is not there, or has no such
 * line, or the value has no number in front.
 */
bool dvdi_java_version(const char *path, char *version, size_t size);

/* The feature release: 8 for 1.8.0_392, 21 for 21.0.2, 25 for 25-ea. 0 when it is not a version. */
unsigned long dvdi_java_feature(const char *version);

/* Negative, 0 or positive: `a` is older than, as old as, or newer than `b`. An early access build is older. */
int dvdi_java_compare(const char *a, const char *b);

#endif /* DVDI_JAVA_VERSION_H */
