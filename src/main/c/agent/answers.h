/* SPDX-License-Identifier: Apache-2.0 */
/* answers.h - passes the isolator's answers from any thread to the loop. */
#ifndef DVDI_AGENT_ANSWERS_H
#define DVDI_AGENT_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "../dvdi.h"

/* A copy of a dvdi_answer. Its strings are NUL-terminated. */
struct answer {
  uint64_t call;
  char *failure;    /* NULL: success */
  char *limitation; /* NULL: none */
  struct dvdi_bind *binds;
  size_t binds_count;
  struct dvdi_entry *environment;
  size_t environment_count;
  struct answer *next;
};

/* Returns a descriptor that is readable while there is an answer. -1 with errno on failure. */
int answers_open(void);

/* dvdi_host.complete. */
void answers_complete(uint64_t call, const struct dvdi_answer *answer);

/* Takes the oldest answer; NULL if there is none. The caller frees it with answer_free. */
struct answer *answers_take(void);

void answer_free(struct answer *answer);

#endif /* DVDI_AGENT_ANSWERS_H */
