/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dvdi_embedded.h - the only symbol of libmesos_dvdi_isolator-embedded.so, `dvdi_embedded`.
 *
 * The embedded agent loads this library from the path in modules.json. The library has none of the symbols that
 * mesos-agent looks for. If it is given to mesos-agent by mistake, mesos-agent reports a missing symbol and does not
 * start.
 */
#ifndef DVDI_EMBEDDED_H
#define DVDI_EMBEDDED_H

#include "dvdi_entry.h"

#define DVDI_EMBEDDED_SYMBOL "dvdi_embedded"

struct dvdi_embedded {
  uint32_t version; /* DVDI_VERSION; check it before any other field */
  /* dvdi_open, dvdi_refusal and dvdi_end (dvdi_entry.h) */
  int (*open)(const struct dvdi_host *host, const struct dvdi_entry *parameters, size_t count,
              struct dvdi_module *module, char *error, size_t error_size);
  const char *(*refusal)(int32_t code);
  int (*end)(unsigned milliseconds);
};

#endif /* DVDI_EMBEDDED_H */
