/* SPDX-License-Identifier: Apache-2.0 */
/* module.h - loads the isolator's library and starts the isolator. */
#ifndef DVDI_AGENT_MODULE_H
#define DVDI_AGENT_MODULE_H

#include "../entry/dvdi_embedded.h"
#include "input.h"

struct module {
  const struct dvdi_embedded *library;
  struct dvdi_module calls;
};

/* Loads the library and starts the isolator. The library stays loaded, because the JVM has pointers into it. */
bool module_open(const struct input *input, const struct dvdi_host *host, struct module *module,
                 struct dvdi_error *error);

/* Whether a call was accepted. Otherwise logs that the call `what` of `who` was refused. */
bool module_accepted(const struct module *module, int32_t code, const char *who, const char *what);

#endif /* DVDI_AGENT_MODULE_H */
