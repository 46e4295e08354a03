/* SPDX-License-Identifier: Apache-2.0 */
#include "module.h"

#include <dlfcn.h>

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

bool module_open(const struct modules *modules, const struct dvdi_host *host, struct module *module,
                 struct dvdi_error *error) {
  return load(modules->library, module, error) &&
         module->library->open(host, modules->parameters, modules->parameters_count, &module->calls, error->text,
                               error->size) == 0;
}
