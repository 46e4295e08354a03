/* SPDX-License-Identifier: Apache-2.0 */
/* json_read.h - typed reading of JSON, with errors that name the file and the key. */
#ifndef DVDI_AGENT_JSON_READ_H
#define DVDI_AGENT_JSON_READ_H

#include <jansson.h>
#include <stdbool.h>

#include "../entry/error.h"

/*
 * Reads a file, or standard input for "-". The caller releases `*root` with json_decref. Strings with a NUL in them
 * and keys that come twice are errors.
 */
bool json_read(const char *path, json_t **root, struct dvdi_error *error);

enum json_need { JSON_REQUIRED, JSON_OPTIONAL };

/*
 * Each looks up `key` in `object`. `where` is the object's place for error texts. A key that is optional and not
 * there, or null, leaves `*value` as it is. What they give lives as long as the root.
 */
bool json_read_string(const json_t *object, const char *where, const char *key, enum json_need need, const char **value,
                      struct dvdi_error *error);
/* A string that names something to the isolator, which refuses control characters and U+FFFD in names. */
bool json_read_name(const json_t *object, const char *where, const char *key, enum json_need need, const char **value,
                    struct dvdi_error *error);
bool json_read_bool(const json_t *object, const char *where, const char *key, enum json_need need, bool *value,
                    struct dvdi_error *error);
bool json_read_integer(const json_t *object, const char *where, const char *key, enum json_need need, json_int_t *value,
                       struct dvdi_error *error);
bool json_read_object(const json_t *object, const char *where, const char *key, enum json_need need,
                      const json_t **value, struct dvdi_error *error);
bool json_read_array(const json_t *object, const char *where, const char *key, enum json_need need,
                     const json_t **value, struct dvdi_error *error);

/* Checks that an element of an array is an object. */
bool json_is_object_at(const json_t *value, const char *where, struct dvdi_error *error);

#endif /* DVDI_AGENT_JSON_READ_H */
