/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read_only.h - read-only bind mounts, including all mounts below them.
 *
 * `source` is an open folder, and `path` its path, on a mount that is not shared. False with errno on failure.
 */
#ifndef DVDI_BIND_READ_ONLY_H
#define DVDI_BIND_READ_ONLY_H

#include <stdbool.h>

/* Binds over another open folder. */
bool bind_read_only(int source, const char *path, int target);

/* Binds over the source itself. */
bool cover_read_only(int source, const char *path);

#endif /* DVDI_BIND_READ_ONLY_H */
