/* SPDX-License-Identifier: Apache-2.0 */
/* answers.h - the answers of the isolator, from whichever thread they come, handed to the loop. */
#ifndef DVDI_AGENT_ANSWERS_H
#define DVDI_AGENT_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "../dvdi.h"

/* A copy of a dvdi_answer: all its strings end in a NUL. */
struct answer {
  uint64_t call;
  char *failure;    /* NULL: done */
  char *limitation; /* NULL: none */
  struct dvdi_bind *binds;
  size_t binds_count;
  struct dvdi_entry *environment;
  size_t environment_count;
  struct answer *next;
};

/* Makes the descriptor that becomes readable when there is an answer, for the loop. -1 on failure, with errno. */
int answers_open(void);

/* dvdi_host.complete. */
void answers_complete(uint64_t call, const struct dvdi_answer *answer);

/* Takes the oldest answer, or NULL when there is none. The caller frees it with answer_free. */
struct answer *answers_take(void);

void answer_free(struct answer *answer);

#endif /* DVDI_AGENT_ANSWERS_H */
