/* SPDX-License-Identifier: Apache-2.0 */
#include "module.h"

#include <dlfcn.h>

#include "log.h"

static bool load(const char *path, struct module *module, struct dvdi_error *error) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL)
    return dvdi_fail(error, "Cannot load the library of the isolator: %s.", dlerror());
  module->library = dlsym(library, DVDI_EMBEDDED_SYMBOL);
  if (module->library == NULL) {
    return dvdi_fail(error,
                     "The library %s is not made for the embedded agent: it has no symbol " DVDI_EMBEDDED_SYMBOL
                     ". Name libmesos_dvdi_isolator-embedded.so in modules.json; libraries with the version of Mesos "
                     "in their names are for mesos-agent.",
                     path);
  }
  if (module->library->version != DVDI_VERSION) {
    return dvdi_fail(error,
                     "The library %s is of another version (%u) than dvdi-agent (%u). Install both from one "
                     "release.",
                     path, (unsigned)module->library->version, (unsigned)DVDI_VERSION);
  }
  return true;
}

bool module_open(const struct input *input, const struct dvdi_host *host, struct module *module,
                 struct dvdi_error *error) {
  return load(input->library, module, error) &&
         module->library->open(host, input->parameters.items, input->parameters.count, &module->calls, error->text,
                               error->size) == 0;
}

bool module_accepted(const struct module *module, int32_t code, const char *who, const char *what) {
  if (code == DVDI_ACCEPTED)
    return true;
  log_line(DVDI_ERROR, "%sThe isolator refused to %s: %s.", who, what, module->library->refusal(code));
  return false;
}
