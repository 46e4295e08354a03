/* SPDX-License-Identifier: Apache-2.0 */
/* error.h - texts that say what happened, and the lines that go to the host's log. */
#ifndef DVDI_ERROR_H
#define DVDI_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "../dvdi.h"

/* Where a failure is described: room for `size` bytes, the terminating NUL included. */
struct dvdi_error {
  char *text;
  size_t size;
};

/* Describes a failure. Text that does not fit is cut between two characters of UTF-8. Always returns false. */
bool dvdi_fail(struct dvdi_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes one line to the host's log; line breaks become spaces. */
void dvdi_log(const struct dvdi_host *host, int32_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif /* DVDI_ERROR_H */
