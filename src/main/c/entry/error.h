/* SPDX-License-Identifier: Apache-2.0 */
/* error.h - error messages, and lines for the host's log. */
#ifndef DVDI_ERROR_H
#define DVDI_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "../dvdi.h"

/* A buffer for an error message. `size` is in bytes, including the terminating NUL. */
struct dvdi_error {
  char *text;
  size_t size;
};

/* Writes an error message. Truncates it between two UTF-8 characters if it is too long. Always returns false. */
bool dvdi_fail(struct dvdi_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes one line to the host's log; line breaks become spaces. */
void dvdi_log(const struct dvdi_host *host, int32_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif /* DVDI_ERROR_H */
