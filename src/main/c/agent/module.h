/* SPDX-License-Identifier: Apache-2.0 */
/* module.h - the isolator's library, loaded and started. */
#ifndef DVDI_AGENT_MODULE_H
#define DVDI_AGENT_MODULE_H

#include "../entry/dvdi_embedded.h"
#include "../entry/error.h"
#include "modules_json.h"

struct module {
  const struct dvdi_embedded *library;
  struct dvdi_module calls;
};

/* Loads the library and starts the isolator. It stays loaded: the JVM has pointers into it. */
bool module_open(const struct modules *modules, const struct dvdi_host *host, struct module *module,
                 struct dvdi_error *error);

#endif /* DVDI_AGENT_MODULE_H */
