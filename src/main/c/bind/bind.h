/* SPDX-License-Identifier: Apache-2.0 */
/* bind.h - the bind mounts of a container. A task may change the paths at the same time. */
#ifndef DVDI_BIND_BIND_H
#define DVDI_BIND_BIND_H

#include "../entry/error.h"

/* A mount, as dvdi_mount in dvdi.h. */
struct bind_mount {
  const char *device; /* empty: no mount */
  const char *root;   /* empty: root and point are unknown */
  const char *point;
};

struct bind {
  const char *source;
  struct bind_mount mount; /* the verified mount that contains the source; none: a plain directory */
  const char *target;
  const char *base; /* a prefix of the target; tasks may change the path only below it */
  bool read_only;
  bool suid; /* set-user-ID bits and device files of the volume count */
};

/*
 * Makes the bind mounts in the mount namespace of this process, which is the container's own. Fails if a bind mount
 * would be visible outside. Does not follow symbolic links in a target below its base. Binds a source only if it is on
 * the verified mount.
 *
 * A container without an image sees the host's paths. For such a container, the limits of a volume (read-only, nosuid,
 * nodev) also hold at its source, in this namespace; that is all that is done if source and target are the same path.
 * `sandbox` is the container's sandbox; NULL if the container has an image.
 */
bool bind_all(const struct bind *binds, size_t count, const char *sandbox, struct dvdi_error *error);

#endif /* DVDI_BIND_BIND_H */
