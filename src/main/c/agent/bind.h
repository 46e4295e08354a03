/* SPDX-License-Identifier: Apache-2.0 */
/* bind.h - the bind mounts of a container, over folders that a task may change meanwhile. */
#ifndef DVDI_AGENT_BIND_H
#define DVDI_AGENT_BIND_H

#include "launch_spec.h"

/* Makes one, in the mount namespace of this process. No symbolic link of the target is followed. */
bool bind_one(const struct spec_bind *bind, const char *sandbox, struct dvdi_error *error);

#endif /* DVDI_AGENT_BIND_H */
