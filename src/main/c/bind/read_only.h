/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read_only.h - binds that cannot be written through, with all mounts below them.
 *
 * `source` is an opened folder and `path` its path, both on a mount that is not shared. False with errno on failure.
 */
#ifndef DVDI_BIND_READ_ONLY_H
#define DVDI_BIND_READ_ONLY_H

#include <stdbool.h>

/* Binds to another opened folder. */
bool bind_read_only(int source, const char *path, int target);

/* Binds to the source itself. */
bool cover_read_only(int source, const char *path);

#endif /* DVDI_BIND_READ_ONLY_H */
