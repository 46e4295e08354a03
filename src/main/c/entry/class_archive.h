/* SPDX-License-Identifier: Apache-2.0 */
/*
 * class_archive.h - what a package has prepared of a start: classes that are loaded and linked already, and forms of
 * method handles. It fits the package's own Java, its jars where they were installed, and the built-in options.
 */
#ifndef DVDI_CLASS_ARCHIVE_H
#define DVDI_CLASS_ARCHIVE_H

#include <jni.h>
#include <limits.h>

#include "jvm.h"

#define DVDI_ARCHIVE_PATH (PATH_MAX + sizeof "/dvdi.jsa")

/* Finds the archive. Returns false if there is none, or if the JVM is not the package's own. */
bool dvdi_find_class_archive(const struct dvdi_start *start, char archive[DVDI_ARCHIVE_PATH]);

/* Whether the JVM uses an archive. It starts without one that does not fit. */
bool dvdi_uses_class_archive(JNIEnv *env);

#endif /* DVDI_CLASS_ARCHIVE_H */
