/* SPDX-License-Identifier: Apache-2.0 */
#include "java_modules.h"

#include <dlfcn.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The folder of the shared library, or program, that this code is linked into, with symbolic links resolved. */
static bool own_folder(char folder[PATH_MAX], struct dvdi_error *error) {
  static const char here = 0;
  Dl_info object;
  if (dladdr(&here, &object) == 0 || object.dli_fname == NULL) {
    return dvdi_fail(error,
                     "Cannot find the path of this shared library, which is needed to find the jars next to it. Write "
                     "its absolute path in modules.json.");
  }
  /* dli_fname is what dlopen was given, and so may be relative to the working folder of that moment. */
  if (realpath(object.dli_fname, folder) == NULL) {
    return dvdi_fail(error,
                     "Cannot resolve the path %s of this shared library, which is needed to find the jars next to it: "
                     "%s. Write its absolute path in modules.json.",
                     object.dli_fname, strerror(errno));
  }
  *strrchr(folder, '/') = '\0';
  return true;
}

static bool holds_isolator(const char *folder) {
  char pattern[2 * PATH_MAX + 16];
  size_t used = 0;
  for (const char *at = folder; *at != '\0' && used < 2 * PATH_MAX; at++) {
    if (strchr("*?[\\", *at) != NULL)
      pattern[used++] = '\\';
    pattern[used++] = *at;
  }
  snprintf(pattern + used, sizeof pattern - used, "/dvdi-*.jar");
  glob_t jars;
  if (glob(pattern, 0, NULL, &jars) != 0)
    return false;
  globfree(&jars);
  return true;
}

bool dvdi_find_java_modules_beside(const char *own, char folder[PATH_MAX], struct dvdi_error *error) {
  static const char *const advice = "Install the folder dvdi with the jars next to the library";
  char wanted[2 * PATH_MAX];
  snprintf(wanted, sizeof wanted, "%s/dvdi", own);
  if (realpath(wanted, folder) == NULL) {
    return dvdi_fail(error, "Cannot find the isolator's jars in %s: %s. %s; no module parameter sets another place.",
                     wanted, strerror(errno), advice);
  }
  if (!holds_isolator(folder)) {
    return dvdi_fail(error, "The folder %s holds no dvdi-*.jar. %s; no module parameter sets another place.", folder,
                     advice);
  }
  if (strchr(folder, ':') != NULL) {
    return dvdi_fail(error,
                     "The path %s of the isolator's jars contains a colon, which Java treats as a separator of paths. "
                     "%s, in a folder without a colon.",
                     folder, advice);
  }
  return true;
}

bool dvdi_find_java_modules(char folder[PATH_MAX], struct dvdi_error *error) {
  char own[PATH_MAX];
  return own_folder(own, error) && dvdi_find_java_modules_beside(own, folder, error);
}
