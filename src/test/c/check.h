/* SPDX-License-Identifier: Apache-2.0 */
/* check.h - what the tests check with, and the files that they make. */
#ifndef DVDI_CHECK_H
#define DVDI_CHECK_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                \
    }                                                                         \
  } while (0)

/* Checks that a text has a part, and shows the text when it has not. */
#define CHECK_SAYS(text, part)                                                                        \
  do {                                                                                                \
    const char *check_text = (text);                                                                  \
    if (strstr(check_text, (part)) == NULL) {                                                         \
      fprintf(stderr, "%s:%d: \"%s\" does not say \"%s\"\n", __FILE__, __LINE__, check_text, (part)); \
      exit(1);                                                                                        \
    }                                                                                                 \
  } while (0)

/* Makes a folder of its own for this run, below the working folder, and goes there. */
static inline void enter_new_folder(const char *name) {
  char pattern[256];
  snprintf(pattern, sizeof pattern, "%s.XXXXXX", name);
  CHECK(mkdtemp(pattern) != NULL);
  CHECK(chdir(pattern) == 0);
}

/* Writes a file, with the folders above it. */
static inline void write_file(const char *path, const char *text) {
  char part[1024];
  snprintf(part, sizeof part, "%s", path);
  for (char *at = strchr(part + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
    *at = '\0';
    CHECK(mkdir(part, 0755) == 0 || errno == EEXIST);
    *at = '/';
  }
  FILE *file = fopen(path, "we");
  CHECK(file != NULL);
  CHECK(fputs(text, file) >= 0);
  CHECK(fclose(file) == 0);
}

#endif /* DVDI_CHECK_H */
