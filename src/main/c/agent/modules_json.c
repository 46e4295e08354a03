/* SPDX-License-Identifier: Apache-2.0 */
#include "modules_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_read.h"

/* The second one is what mesos-module-dvdi had before it was renamed. */
#define MODULE_NAME "com_emccode_mesos_DockerVolumeDriverIsolator"
#define OLD_MODULE_NAME "com_emc_mesos_DockerVolumeDriverIsolator"

enum { PLACE = PATH_MAX + 128 };

struct search {
  const char *path;
  const json_t *library; /* NULL: none found yet */
  const json_t *module;
  char library_place[PLACE];
  char module_place[PLACE];
};

static bool search_library(struct search *search, const json_t *library, const char *place, struct dvdi_error *error) {
  const json_t *modules = NULL;
  if (!json_is_object_at(library, place, error) ||
      !json_read_array(library, place, "modules", JSON_OPTIONAL, &modules, error)) {
    return false;
  }
  for (size_t i = 0; i < json_array_size(modules); i++) {
    const json_t *module = json_array_get(modules, i);
    char module_place[PLACE];
    snprintf(module_place, sizeof module_place, "%.*s.modules[%zu]", (int)(PLACE - 64), place, i);
    const char *name = "";
    if (!json_is_object_at(module, module_place, error) ||
        !json_read_string(module, module_place, "name", JSON_REQUIRED, &name, error)) {
      return false;
    }
    if (strcmp(name, MODULE_NAME) != 0 && strcmp(name, OLD_MODULE_NAME) != 0)
      continue;
    if (search->module != NULL) {
      return dvdi_fail(error, "%s: %s and %s both name the isolator; leave one of them out.", search->path,
                       search->module_place, module_place);
    }
    search->library = library;
    search->module = module;
    memcpy(search->library_place, place, strlen(place) + 1);
    memcpy(search->module_place, module_place, sizeof module_place);
  }
  return true;
}

static bool find_isolator(struct search *search, const json_t *root, struct dvdi_error *error) {
  const json_t *libraries = NULL;
  if (!json_is_object_at(root, search->path, error) ||
      !json_read_array(root, search->path, "libraries", JSON_REQUIRED, &libraries, error)) {
    return false;
  }
  for (size_t i = 0; i < json_array_size(libraries); i++) {
    char place[PLACE];
    snprintf(place, sizeof place, "%.*s: libraries[%zu]", PATH_MAX, search->path, i);
    if (!search_library(search, json_array_get(libraries, i), place, error))
      return false;
  }
  if (search->module == NULL) {
    return dvdi_fail(error,
                     "%s: no library has a module of the name " MODULE_NAME " (or " OLD_MODULE_NAME
                     "); add one, as in modules.json.example.",
                     search->path);
  }
  return true;
}

static bool read_library(const struct search *search, char library[PATH_MAX], struct dvdi_error *error) {
  const char *file = NULL;
  const char *name = NULL;
  if (!json_read_string(search->library, search->library_place, "file", JSON_OPTIONAL, &file, error) ||
      !json_read_string(search->library, search->library_place, "name", JSON_OPTIONAL, &name, error)) {
    return false;
  }
  if (file != NULL) {
    /* dlopen(3) would look for a name without a slash in the system's folders. */
    if (realpath(file, library) != NULL)
      return true;
    return dvdi_fail(error, "%s: cannot find the library \"%s\": %s. Correct the key \"file\".", search->library_place,
                     file, strerror(errno));
  }
  if (name == NULL || name[0] == '\0' || strchr(name, '/') != NULL || strlen(name) > NAME_MAX) {
    return dvdi_fail(error,
                     "%s: give the key \"file\", the path of the library, or \"name\", its name without \"lib\" "
                     "and \".so\".",
                     search->library_place);
  }
  snprintf(library, PATH_MAX, "lib%s.so", name);
  return true;
}

static bool read_parameters(const struct search *search, struct modules *modules, struct dvdi_error *error) {
  const json_t *parameters = NULL;
  if (!json_read_array(search->module, search->module_place, "parameters", JSON_OPTIONAL, &parameters, error)) {
    return false;
  }
  size_t count = json_array_size(parameters);
  modules->parameters = calloc(count + 1, sizeof *modules->parameters);
  if (modules->parameters == NULL)
    return dvdi_fail(error, "No memory for the module's parameters.");
  for (size_t i = 0; i < count; i++) {
    char place[PLACE + 64];
    snprintf(place, sizeof place, "%s.parameters[%zu]", search->module_place, i);
    const json_t *parameter = json_array_get(parameters, i);
    const char *key = "";
    const char *value = "";
    if (!json_is_object_at(parameter, place, error) ||
        !json_read_string(parameter, place, "key", JSON_REQUIRED, &key, error) ||
        !json_read_string(parameter, place, "value", JSON_REQUIRED, &value, error)) {
      return false;
    }
    modules->parameters[i] = (struct dvdi_entry){{key, strlen(key)}, {value, strlen(value)}};
    modules->parameters_count++;
  }
  return true;
}

bool read_modules(const char *path, struct modules *modules, struct dvdi_error *error) {
  *modules = (struct modules){.root = NULL};
  if (!json_read(path, &modules->root, error))
    return false;
  struct search search = {.path = path};
  if (find_isolator(&search, modules->root, error) && read_library(&search, modules->library, error) &&
      read_parameters(&search, modules, error)) {
    return true;
  }
  free_modules(modules);
  return false;
}

void free_modules(struct modules *modules) {
  free(modules->parameters);
  json_decref(modules->root);
  *modules = (struct modules){.root = NULL};
}
