/* SPDX-License-Identifier: Apache-2.0 */
/* class_archive.h - the file that the JVM keeps its classes in, so that the next one starts sooner. */
#ifndef DVDI_CLASS_ARCHIVE_H
#define DVDI_CLASS_ARCHIVE_H

#include "error.h"

/*
 * Looks at the module parameter class_archive, which may be NULL. Returns it, or NULL when there is none to use: the
 * archive only saves time, so what is wrong with it is a line in the log and keeps nobody from starting.
 */
const char *dvdi_check_class_archive(const char *parameter, const struct dvdi_host *host);

#endif /* DVDI_CLASS_ARCHIVE_H */
