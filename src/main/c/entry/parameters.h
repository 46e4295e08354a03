/* SPDX-License-Identifier: Apache-2.0 */
/* parameters.h - the module parameters that are read on the C side. */
#ifndef DVDI_PARAMETERS_H
#define DVDI_PARAMETERS_H

#include "error.h"

/* A member is NULL if the parameter is missing or empty. dvdi_forget_parameters frees them. */
struct dvdi_parameters {
  char *java_home;
  char *jvm_options;
};

/* Copies the parameters from `entries`. After a failure there is nothing to free. */
bool dvdi_read_parameters(const struct dvdi_entry *entries, size_t count, struct dvdi_parameters *parameters,
                          struct dvdi_error *error);

void dvdi_forget_parameters(struct dvdi_parameters *parameters);

#endif /* DVDI_PARAMETERS_H */
