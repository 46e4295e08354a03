/* SPDX-License-Identifier: Apache-2.0 */
#include "java_version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Reads the value behind `key`, such as "OS_ARCH=", in the file at `path`. */
static bool read_value(const char *path, const char *key, char *value, size_t size) {
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return false;
  bool found = false;
  char *line = NULL;
  size_t room = 0;
  while (!found && getline(&line, &room, file) != -1) {
    if (strncmp(line, key, strlen(key)) != 0)
      continue;
    const char *text = line + strlen(key);
    text += strspn(text, "\"' \t");
    size_t length = strcspn(text, "\"' \t\r\n");
    if (length == 0 || length >= size)
      continue;
    memcpy(value, text, length);
    value[length] = '\0';
    found = true;
  }
  free(line);
  fclose(file);
  return found;
}

bool dvdi_java_processor(const char *path, char *processor, size_t size) {
  return read_value(path, "OS_ARCH=", processor, size);
}

bool dvdi_java_version(const char *path, char *version, size_t size) {
  return read_value(path, "JAVA_VERSION=", version, size) && dvdi_java_feature(version) > 0;
}

/* Reads the number at `*at` and moves behind it and one separator. A version that has no more numbers goes on with 0.
 */
static unsigned long next_number(const char **at) {
  if (!is_digit(**at))
    return 0;
  char *end;
  unsigned long number = strtoul(*at, &end, 10);
  if (*end == '.' || *end == '_')
    end++;
  *at = end;
  return number;
}

/* Moves behind the "1." that versions had until Java 8. */
static const char *skip_old_prefix(const char *version) {
  return strncmp(version, "1.", 2) == 0 && is_digit(version[2]) ? version + 2 : version;
}

unsigned long dvdi_java_feature(const char *version) {
  const char *at = skip_old_prefix(version);
  return next_number(&at);
}

int dvdi_java_compare(const char *a, const char *b) {
  a = skip_old_prefix(a);
  b = skip_old_prefix(b);
  while (is_digit(*a) || is_digit(*b)) {
    unsigned long left = next_number(&a);
    unsigned long right = next_number(&b);
    if (left != right)
      return left < right ? -1 : 1;
  }
  bool early_left = *a == '-';
  bool early_right = *b == '-';
  return (early_left ? 0 : 1) - (early_right ? 0 : 1);
}
