/* SPDX-License-Identifier: Apache-2.0 */
/* bounds.h - what a container may ask for (DVDI_MOST_VARIABLES … of dvdi.h). */
#ifndef DVDI_BOUNDS_H
#define DVDI_BOUNDS_H

#include "error.h"

/* Whether a container asks for no more than it may. Otherwise says which limit it exceeds. */
bool dvdi_is_within_bounds(const struct dvdi_container *container, struct dvdi_error *error);

#endif /* DVDI_BOUNDS_H */
