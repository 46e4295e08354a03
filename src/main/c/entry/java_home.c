/* SPDX-License-Identifier: Apache-2.0 */
#include "java_home.h"

#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "java_version.h"

/* As the file `release` calls the processor that this is compiled for. */
#ifdef __aarch64__
static const char our_processor[] = "aarch64";
#else
static const char our_processor[] = "x86_64";
#endif

const char *const dvdi_java_places[] = {"/usr/lib/jvm/*", "/usr/java/*", "/opt/java/*", "/opt/jdk*", NULL};

/* Looks at one home. Returns NULL and fills `java` when it can be used, else says in `why` what it lacks. */
static const char *examine(const char *home, struct dvdi_java *java, char *why, size_t size) {
  struct stat status;
  if (stat(home, &status) != 0) {
    snprintf(why, size, "%s: %s", home, strerror(errno));
    return why;
  }
  char release[PATH_MAX];
  if ((size_t)snprintf(release, sizeof release, "%s/release", home) >= sizeof release ||
      (size_t)snprintf(java->libjvm, PATH_MAX, "%s/lib/server/libjvm.so", home) >= PATH_MAX) {
    snprintf(why, size, "a path of %zu characters is too long", strlen(home));
    return why;
  }
  snprintf(java->home, PATH_MAX, "%s", home);
  if (!dvdi_java_version(release, java->version, sizeof java->version)) {
    snprintf(why, size, "%s has no file `release` with a JAVA_VERSION in it, as the home of a Java has", home);
    return why;
  }
  if (dvdi_java_feature(java->version) < DVDI_OLDEST_JAVA) {
    snprintf(why, size, "%s is Java %s", home, java->version);
    return why;
  }
  char processor[32];
  if (dvdi_java_processor(release, processor, sizeof processor) && strcmp(processor, our_processor) != 0) {
    snprintf(why, size, "%s (Java %s) is for the processor %s, and this is %s", home, java->version, processor,
             our_processor);
    return why;
  }
  if (access(java->libjvm, R_OK) != 0) {
    snprintf(why, size, "%s (Java %s) has no lib/server/libjvm.so that can be read: %s", home, java->version,
             strerror(errno));
    return why;
  }
  return NULL;
}

/* Adds to a text, as far as it has room. */
static __attribute__((format(printf, 3, 4))) void append(char *text, size_t size, const char *format, ...) {
  size_t used = strlen(text);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text + used, size - used, format, arguments);
  va_end(arguments);
}

/* What a search of the usual places came upon. */
struct found {
  struct dvdi_java newest;
  bool any;
  char passed_over[1024]; /* homes that cannot be used, and why */
};

static void look_at(const char *home, struct found *found) {
  struct dvdi_java java;
  char why[PATH_MAX + 128];
  struct stat status;
  /* Package managers keep plain files in /usr/lib/jvm too. */
  if (stat(home, &status) == 0 && !S_ISDIR(status.st_mode))
    return;
  if (examine(home, &java, why, sizeof why) != NULL) {
    append(found->passed_over, sizeof found->passed_over, "%s%s", found->passed_over[0] != '\0' ? "; " : "", why);
    return;
  }
  if (!found->any || dvdi_java_compare(java.version, found->newest.version) > 0) {
    found->newest = java;
    found->any = true;
  }
}

static bool find_newest(const char *const *places, struct dvdi_java *java, struct dvdi_error *error) {
  struct found found = {.any = false};
  char looked[512] = "";
  for (size_t i = 0; places[i] != NULL; i++) {
    append(looked, sizeof looked, "%s%s", i > 0 ? ", " : "", places[i]);
    glob_t homes;
    if (glob(places[i], 0, NULL, &homes) != 0)
      continue;
    for (size_t j = 0; j < homes.gl_pathc; j++)
      look_at(homes.gl_pathv[j], &found);
    globfree(&homes);
  }
  if (!found.any) {
    return dvdi_fail(error,
                     "Found no Java of version %d or later. Looked at the variable JAVA_HOME and %s. Found there: %s. "
                     "Install one, or name its home with the module parameter java_home.",
                     DVDI_OLDEST_JAVA, looked, found.passed_over[0] != '\0' ? found.passed_over : "no Java at all");
  }
  *java = found.newest;
  return true;
}

bool dvdi_find_java(const struct dvdi_java_search *search, const struct dvdi_host *host, struct dvdi_java *java,
                    struct dvdi_error *error) {
  char why[PATH_MAX + 128];
  if (search->parameter != NULL) {
    if (search->parameter[0] != '/') {
      return dvdi_fail(error, "The module parameter java_home is \"%s\"; it has to be an absolute path.",
                       search->parameter);
    }
    if (examine(search->parameter, java, why, sizeof why) == NULL)
      return true;
    return dvdi_fail(error,
                     "Cannot use the Java that the module parameter java_home names: %s. Set it to the home of a Java "
                     "of version %d or later, or remove java_home to search for one.",
                     why, DVDI_OLDEST_JAVA);
  }
  if (access(search->own, F_OK) == 0) {
    if (examine(search->own, java, why, sizeof why) == NULL)
      return true;
    dvdi_log(host, DVDI_WARNING,
             "Cannot use the Java of this package, so another one is searched for: %s. Install the "
             "package again.",
             why);
  }
  if (search->environment != NULL && search->environment[0] != '\0') {
    if (search->environment[0] == '/' && examine(search->environment, java, why, sizeof why) == NULL)
      return true;
    if (search->environment[0] != '/')
      snprintf(why, sizeof why, "%s is no absolute path", search->environment);
    dvdi_log(host, DVDI_INFO, "Ignored the variable JAVA_HOME, because Java %d or later is needed: %s.",
             DVDI_OLDEST_JAVA, why);
  }
  return find_newest(search->places, java, error);
}
