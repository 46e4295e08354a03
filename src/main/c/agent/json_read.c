/* SPDX-License-Identifier: Apache-2.0 */
#include "json_read.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *name_of(const char *path) {
  return strcmp(path, "-") == 0 ? "standard input" : path;
}

static bool explain(const char *path, const json_error_t *problem, struct dvdi_error *error) {
  enum json_error_code code = json_error_code(problem);
  const char *text = problem->text;
  if (code == json_error_null_character || code == json_error_null_byte_in_key) {
    text = "a string holds \\u0000, which no path, variable or argument can hold";
  }
  return dvdi_fail(error, "%s, line %d, column %d: not valid JSON: %s.", name_of(path), problem->line, problem->column,
                   text);
}

bool json_read(const char *path, json_t **root, struct dvdi_error *error) {
  bool from_input = strcmp(path, "-") == 0;
  FILE *file = from_input ? stdin : fopen(path, "re");
  if (file == NULL)
    return dvdi_fail(error, "Cannot open %s: %s.", path, strerror(errno));
  json_error_t problem;
  errno = 0;
  *root = json_loadf(file, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);
  int cause = ferror(file) ? errno : 0;
  if (!from_input)
    fclose(file);
  if (*root != NULL)
    return true;
  if (cause != 0)
    return dvdi_fail(error, "Cannot read %s: %s.", name_of(path), strerror(cause));
  return explain(path, &problem, error);
}

static const char *type_name(json_type type) {
  switch (type) {
    case JSON_OBJECT:
      return "an object";
    case JSON_ARRAY:
      return "an array";
    case JSON_STRING:
      return "a string";
    case JSON_INTEGER:
      return "an integer";
    case JSON_REAL:
      return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
      return "true or false";
    default:
      return "null";
  }
}

/* Gives the value of the type that is wanted, or NULL when it is absent and may be. */
static bool look_up(const json_t *object, const char *where, const char *key, enum json_need need, json_type type,
                    const json_t **value, struct dvdi_error *error) {
  *value = json_object_get(object, key);
  if (json_is_null(*value))
    *value = NULL;
  if (*value == NULL) {
    return need == JSON_OPTIONAL ||
           dvdi_fail(error, "%s: the key \"%s\" is missing; it has to be %s.", where, key, type_name(type));
  }
  json_type found = json_typeof(*value);
  if (found == type || (type == JSON_TRUE && found == JSON_FALSE))
    return true;
  return dvdi_fail(error, "%s: the key \"%s\" is %s; it has to be %s.", where, key, type_name(found), type_name(type));
}

bool json_read_string(const json_t *object, const char *where, const char *key, enum json_need need, const char **value,
                      struct dvdi_error *error) {
  const json_t *found;
  if (!look_up(object, where, key, need, JSON_STRING, &found, error))
    return false;
  if (found != NULL)
    *value = json_string_value(found);
  return true;
}

/* U+0000 does not get here (explain); U+FFFD stands for what was no text where it came from. */
static bool is_broken(const unsigned char *at) {
  bool control = at[0] < ' ' || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0);
  return control || strncmp((const char *)at, "\xef\xbf\xbd", 3) == 0;
}

bool json_read_name(const json_t *object, const char *where, const char *key, enum json_need need, const char **value,
                    struct dvdi_error *error) {
  const char *name = NULL;
  if (!json_read_string(object, where, key, need, &name, error))
    return false;
  if (name == NULL)
    return true;
  for (const char *at = name; *at != '\0'; at++) {
    if (is_broken((const unsigned char *)at)) {
      return dvdi_fail(error,
                       "%s: the key \"%s\" has a control character or U+FFFD, which stands for broken text, at byte "
                       "%td; remove it.",
                       where, key, at - name);
    }
  }
  *value = name;
  return true;
}

bool json_read_bool(const json_t *object, const char *where, const char *key, enum json_need need, bool *value,
                    struct dvdi_error *error) {
  const json_t *found;
  if (!look_up(object, where, key, need, JSON_TRUE, &found, error))
    return false;
  if (found != NULL)
    *value = json_is_true(found);
  return true;
}

bool json_read_integer(const json_t *object, const char *where, const char *key, enum json_need need, json_int_t *value,
                       struct dvdi_error *error) {
  const json_t *found;
  if (!look_up(object, where, key, need, JSON_INTEGER, &found, error))
    return false;
  if (found != NULL)
    *value = json_integer_value(found);
  return true;
}

bool json_read_object(const json_t *object, const char *where, const char *key, enum json_need need,
                      const json_t **value, struct dvdi_error *error) {
  const json_t *found;
  if (!look_up(object, where, key, need, JSON_OBJECT, &found, error))
    return false;
  if (found != NULL)
    *value = found;
  return true;
}

bool json_read_array(const json_t *object, const char *where, const char *key, enum json_need need,
                     const json_t **value, struct dvdi_error *error) {
  const json_t *found;
  if (!look_up(object, where, key, need, JSON_ARRAY, &found, error))
    return false;
  if (found != NULL)
    *value = found;
  return true;
}

bool json_is_object_at(const json_t *value, const char *where, struct dvdi_error *error) {
  if (json_is_object(value))
    return true;
  return dvdi_fail(error, "%s is %s; it has to be an object.", where, type_name(json_typeof(value)));
}
