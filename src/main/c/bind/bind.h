/* SPDX-License-Identifier: Apache-2.0 */
/* bind.h - the bind mounts of a container, over folders that a task may change meanwhile. */
#ifndef DVDI_BIND_BIND_H
#define DVDI_BIND_BIND_H

#include "../entry/error.h"

/* A mount, by what a copy of it in another mount namespace has in common with it (dvdi_mount in dvdi.h). */
struct bind_mount {
  const char *device; /* empty: no mount */
  const char *root;   /* empty: unknown, as is the point then */
  const char *point;
};

struct bind {
  const char *source;
  struct bind_mount mount; /* that was verified to contain the source; none: a plain directory */
  const char *target;
  const char *base; /* down to here the target's path is the operator's and the host's, and below it perhaps a task's */
  bool read_only;
};

/*
 * Makes binds one after the other, in the mount namespace of this process, which is the container's own and stays cut
 * off from the host's: where a bind would be seen outside, it fails. No symbolic link of a target is followed below the
 * bind's base. A source is bound only if it is on the mount that was verified.
 *
 * A container without an image sees the host's paths, so a volume that it may only read is read-only at its source,
 * too, as far as this namespace goes. `sandbox` is that of such a container, and NULL for one with an image.
 */
bool bind_all(const struct bind *binds, size_t count, const char *sandbox, struct dvdi_error *error);

#endif /* DVDI_BIND_BIND_H */
