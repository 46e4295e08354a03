/* SPDX-License-Identifier: Apache-2.0 */
/* descriptors.h - keeps programs that the host starts from inheriting the JVM's descriptors. */
#ifndef DVDI_DESCRIPTORS_H
#define DVDI_DESCRIPTORS_H

#include <stddef.h>

/* The open descriptors; empty if they are unknown. */
struct dvdi_descriptors {
  int *numbers;
  size_t count;
};

/* Records the descriptors that are open now. dvdi_close_others_on_exec frees the list. */
void dvdi_keep_descriptors(struct dvdi_descriptors *kept);

/*
 * Sets close-on-exec on all descriptors that were opened since, and frees the list. Does nothing if it is unknown what
 * was open. Also affects descriptors that other threads of the host have opened in the meantime; agents set the flag on
 * all of theirs themselves.
 */
void dvdi_close_others_on_exec(struct dvdi_descriptors *kept);

#endif /* DVDI_DESCRIPTORS_H */
