/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limited.h - bind mounts with MS_RDONLY, MS_NOSUID and MS_NODEV, which hold for all mounts below them too.
 *
 * `source` is an open folder, `path` its path, and `limits` are the flags. False with errno on failure.
 */
#ifndef DVDI_BIND_LIMITED_H
#define DVDI_BIND_LIMITED_H

#include <stdbool.h>

/* Binds over another open folder. is_unknown_call() before Linux 5.12. */
bool bind_limited(int source, int target, unsigned long limits);

/* The same on any kernel. The source must be on a mount that is not shared. */
bool bind_limited_by_steps(int source, const char *path, int target, unsigned long limits);

/* Binds over the source itself, which must be on a mount that is not shared. */
bool cover_limited(int source, const char *path, unsigned long limits);

#endif /* DVDI_BIND_LIMITED_H */
