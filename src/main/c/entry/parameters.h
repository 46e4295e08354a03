/* SPDX-License-Identifier: Apache-2.0 */
/* parameters.h - the module parameters that are read on the C side. */
#ifndef DVDI_PARAMETERS_H
#define DVDI_PARAMETERS_H

#include "error.h"

/* Each is NULL when the parameter is not given or empty, and freed by dvdi_forget_parameters. */
struct dvdi_parameters {
  char *java_home;
  char *jvm_options;
};

/* Copies what is needed out of `entries`. On failure nothing is left to free. */
bool dvdi_read_parameters(const struct dvdi_entry *entries, size_t count, struct dvdi_parameters *parameters,
                          struct dvdi_error *error);

void dvdi_forget_parameters(struct dvdi_parameters *parameters);

#endif /* DVDI_PARAMETERS_H */
