/* SPDX-License-Identifier: Apache-2.0 */
/* descriptors.h - what the JVM opens is not for the programs that the host starts. */
#ifndef DVDI_DESCRIPTORS_H
#define DVDI_DESCRIPTORS_H

#include <stddef.h>

/* What is open; empty when that is not known. */
struct dvdi_descriptors {
  int *numbers;
  size_t count;
};

/* Keeps what is open now, until dvdi_close_others_on_exec. */
void dvdi_keep_descriptors(struct dvdi_descriptors *kept);

/*
 * Marks all that was opened since as close-on-exec, and frees what was kept. Where it is not known what was open,
 * nothing is marked. What other threads of the host have opened meanwhile is marked too: agents mark all of theirs
 * themselves.
 */
void dvdi_close_others_on_exec(struct dvdi_descriptors *kept);

#endif /* DVDI_DESCRIPTORS_H */
