/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dvdi_embedded.h - what libmesos_dvdi_isolator-embedded.so exports: one symbol, `dvdi_embedded`.
 *
 * The library is loaded by its path from modules.json, as mesos-agent loads its modules, but by the embedded agent. It
 * has none of the symbols by which mesos-agent knows a module, so that one which is given it by mistake says that the
 * symbol is missing, and does not start.
 */
#ifndef DVDI_EMBEDDED_H
#define DVDI_EMBEDDED_H

#include "dvdi_entry.h"

#define DVDI_EMBEDDED_SYMBOL "dvdi_embedded"

struct dvdi_embedded {
  uint32_t version; /* DVDI_VERSION; whoever loads the library checks it first */
  int (*open)(const struct dvdi_host *host, const struct dvdi_entry *parameters, size_t count,
              struct dvdi_module *module, char *error, size_t error_size);
  const char *(*refusal)(int32_t code);
  int (*end)(unsigned milliseconds);
};

#endif /* DVDI_EMBEDDED_H */
