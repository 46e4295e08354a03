/* SPDX-License-Identifier: Apache-2.0 */
#include "parameters.h"

#include <stdlib.h>
#include <string.h>

static bool is_named(const struct dvdi_entry *entry, const char *name) {
  return entry->name.size == strlen(name) && memcmp(entry->name.data, name, entry->name.size) == 0;
}

static bool read_one(const struct dvdi_entry *entry, const char *name, char **value, struct dvdi_error *error) {
  if (!is_named(entry, name))
    return true;
  if (*value != NULL) {
    return dvdi_fail(error, "The module parameter %s is given twice; remove one of the two.", name);
  }
  if (entry->value.size > 0 && memchr(entry->value.data, '\0', entry->value.size) != NULL) {
    return dvdi_fail(error, "The module parameter %s contains a NUL character; remove it.", name);
  }
  /* strndup(NULL, 0) is undefined, and {NULL, 0} is the empty string. */
  *value = strndup(entry->value.size > 0 ? entry->value.data : "", entry->value.size);
  if (*value == NULL)
    return dvdi_fail(error, "No memory for the module parameter %s.", name);
  return true;
}

/* After all are read, so that one that is given twice is found out also when it is empty. */
static void forget_empty(char **value) {
  if (*value == NULL || **value != '\0')
    return;
  free(*value);
  *value = NULL;
}

bool dvdi_read_parameters(const struct dvdi_entry *entries, size_t count, struct dvdi_parameters *parameters,
                          struct dvdi_error *error) {
  *parameters = (struct dvdi_parameters){0};
  for (size_t i = 0; i < count; i++) {
    if (!read_one(&entries[i], "java_home", &parameters->java_home, error) ||
        !read_one(&entries[i], "jvm_options", &parameters->jvm_options, error)) {
      dvdi_forget_parameters(parameters);
      return false;
    }
  }
  forget_empty(&parameters->java_home);
  forget_empty(&parameters->jvm_options);
  return true;
}

void dvdi_forget_parameters(struct dvdi_parameters *parameters) {
  free(parameters->java_home);
  free(parameters->jvm_options);
  *parameters = (struct dvdi_parameters){0};
}
