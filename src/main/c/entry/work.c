/* SPDX-License-Identifier: Apache-2.0 */
#include "work.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

/*
 * What `java` gives its first thread is 1 MiB on x86-64 and 2 MiB on AArch64. The thread of the caller may have much
 * less, or be the process' first, whose stack the JVM handles in a special way.
 */
static const size_t stack_size = 2 * 1024 * 1024;

struct work {
  void (*body)(void *);
  void *argument;
  bool ended; /* the thread is through, or will never be */
  bool abandoned;
  bool unwanted; /* nobody waits any more: the thread frees this */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static struct work *waited_for;

static void *run(void *argument) {
  struct work *work = argument;
  work->body(work->argument);
  pthread_mutex_lock(&mutex);
  work->ended = true;
  bool unwanted = work->unwanted;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
  if (unwanted)
    free(work);
  return NULL;
}

static void init_changed(void) {
  /* The monotonic clock, so that somebody who sets the time of day neither ends nor prolongs a wait. */
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&changed, &attributes);
  pthread_condattr_destroy(&attributes);
}

static int start(struct work *work) {
  pthread_attr_t attributes;
  int failed = pthread_attr_init(&attributes);
  if (failed != 0)
    return failed;
  pthread_attr_setstacksize(&attributes, stack_size);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  failed = pthread_create(&thread, &attributes, run, work);
  pthread_attr_destroy(&attributes);
  return failed;
}

/* With the mutex held. */
static enum dvdi_outcome wait_for(struct work *work, unsigned milliseconds) {
  struct timespec deadline;
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  deadline.tv_sec += (time_t)(milliseconds / 1000);
  deadline.tv_nsec += (long)(milliseconds % 1000) * 1000000L;
  if (deadline.tv_nsec >= 1000000000L) {
    deadline.tv_sec++;
    deadline.tv_nsec -= 1000000000L;
  }
  int failed = 0;
  while (!work->ended && !work->abandoned && failed == 0)
    failed = pthread_cond_timedwait(&changed, &mutex, &deadline);
  if (work->ended)
    return DVDI_WORK_DONE;
  return work->abandoned ? DVDI_WORK_ABANDONED : DVDI_WORK_LATE;
}

enum dvdi_outcome dvdi_run_work(void (*body)(void *), void *argument, unsigned milliseconds) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, init_changed);
  struct work *work = calloc(1, sizeof *work);
  if (work == NULL)
    return DVDI_WORK_NO_THREAD;
  work->body = body;
  work->argument = argument;
  pthread_mutex_lock(&mutex);
  waited_for = work;
  int failed = start(work);
  enum dvdi_outcome outcome = failed == 0 ? wait_for(work, milliseconds) : DVDI_WORK_NO_THREAD;
  waited_for = NULL;
  work->unwanted = true;
  pthread_mutex_unlock(&mutex);
  if (outcome == DVDI_WORK_DONE || outcome == DVDI_WORK_NO_THREAD)
    free(work);
  errno = failed;
  return outcome;
}

int dvdi_abandon_work(void) {
  pthread_mutex_lock(&mutex);
  bool waited = waited_for != NULL;
  if (waited) {
    waited_for->abandoned = true;
    pthread_cond_broadcast(&changed);
  }
  pthread_mutex_unlock(&mutex);
  return waited ? 1 : 0;
}
