/* SPDX-License-Identifier: Apache-2.0 */
/* 32-bit programs define the names of their processors too. */
#if !defined __LP64__ || !(defined __x86_64__ || (defined __aarch64__ && defined __AARCH64EL__))
#error "dvdi runs on x86-64 and arm64 only: Java's bindings have no constants and layouts for this processor."
#endif

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "boot.h"
#include "descriptors.h"
#include "dvdi_entry.h"
#include "error.h"
#include "java_home.h"
#include "java_modules.h"
#include "jvm.h"
#include "parameters.h"

/* The steps of a start, in their order. Each one that fails leaves its reason in `error`. */
enum stage { CHECK_HOST, READ_PARAMETERS, FIND_MODULES, FIND_JAVA, START_JVM, BOOT_JAVA, OPENED };

struct opening {
  const struct dvdi_host *host;
  const struct dvdi_entry *entries;
  size_t count;
  struct dvdi_module *module;
  struct dvdi_error error;
  struct dvdi_parameters parameters;
  struct dvdi_java java;
  char java_modules[PATH_MAX];
};

static bool check_host(struct opening *opening) {
  if (opening->host->version == DVDI_VERSION)
    return true;
  return dvdi_fail(&opening->error,
                   "The host has version %u of the contract with the isolator, and the isolator has version %u. "
                   "Install both from one release.",
                   (unsigned)opening->host->version, (unsigned)DVDI_VERSION);
}

static bool find_java(struct opening *opening) {
  char own[PATH_MAX + sizeof "/runtime"];
  snprintf(own, sizeof own, "%s/runtime", opening->java_modules);
  struct dvdi_java_search search = {opening->parameters.java_home, own, getenv("JAVA_HOME"), dvdi_java_places};
  return dvdi_find_java(&search, opening->host, &opening->java, &opening->error);
}

static long milliseconds_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
}

static bool start_jvm(struct opening *opening) {
  struct timespec begin;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  const struct dvdi_start start = {&opening->java, opening->java_modules, opening->parameters.jvm_options,
                                   opening->host};
  if (!dvdi_start_jvm(&start, &opening->error))
    return false;
  dvdi_log(opening->host, DVDI_INFO, "Started the JVM of %s (Java %s) with the jars of %s in %ld ms.",
           opening->java.home, opening->java.version, opening->java_modules, milliseconds_since(&begin));
  return true;
}

static bool run(struct opening *opening, enum stage stage) {
  switch (stage) {
    case CHECK_HOST:
      return check_host(opening);
    case READ_PARAMETERS:
      return dvdi_read_parameters(opening->entries, opening->count, &opening->parameters, &opening->error);
    case FIND_MODULES:
      return dvdi_jvm() != NULL || dvdi_find_java_modules(opening->java_modules, &opening->error);
    case FIND_JAVA:
      return dvdi_jvm() != NULL || find_java(opening);
    case START_JVM:
      return dvdi_jvm() != NULL || start_jvm(opening);
    case BOOT_JAVA:
      return dvdi_boot_java(dvdi_jvm(), opening->host, opening->entries, opening->count, opening->module,
                            &opening->error);
    case OPENED:
      break;
  }
  return true;
}

int dvdi_open(const struct dvdi_host *host, const struct dvdi_entry *parameters, size_t count,
              struct dvdi_module *module, char *error, size_t error_size) {
  static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
  struct opening opening = {
      .host = host, .entries = parameters, .count = count, .module = module, .error = {error, error_size}};
  pthread_mutex_lock(&one_at_a_time);
  struct dvdi_descriptors descriptors;
  dvdi_keep_descriptors(&descriptors);
  enum stage stage = CHECK_HOST;
  while (stage != OPENED && run(&opening, stage))
    stage++;
  dvdi_close_others_on_exec(&descriptors);
  dvdi_forget_parameters(&opening.parameters);
  pthread_mutex_unlock(&one_at_a_time);
  return stage == OPENED ? 0 : 1;
}
