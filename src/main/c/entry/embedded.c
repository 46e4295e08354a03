/* SPDX-License-Identifier: Apache-2.0 */
#include "dvdi_embedded.h"

extern __attribute__((visibility("default"))) const struct dvdi_embedded dvdi_embedded;

const struct dvdi_embedded dvdi_embedded = {
    .version = DVDI_VERSION, .open = dvdi_open, .refusal = dvdi_refusal, .end = dvdi_end};
