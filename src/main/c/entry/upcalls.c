/* SPDX-License-Identifier: Apache-2.0 */
#include "upcalls.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "bounds.h"

/* More than what HotSpot keeps free below a thread's stack (100 KiB), for the guard and for the work of a call. */
static const size_t stack_needed = 256 * 1024;

/* java.lang.invoke makes code of its own for a method that was called 127 times, at the next call. */
enum { REHEARSALS = 300 };

static struct {
  JavaVM *jvm;
  const struct dvdi_host *host;
  struct dvdi_module java;
  /* For each thread that is attached: the lowest address at which its stack may be for a call. */
  pthread_key_t lowest;
  atomic_bool ended;
} upcalls;

void dvdi_rehearse_upcalls(const struct dvdi_module *java) {
  static const struct dvdi_container container;
  for (int i = 0; i < REHEARSALS; i++) {
    java->recover(0, NULL, 0);
    java->prepare(0, &container);
    java->cleanup(0, &container.id);
    java->usage(0, &container.id);
    java->watch(0, &container.id);
    java->close(0);
  }
}

/* Runs when a thread ends that was attached, or that Java started: then it does nothing. */
static void detach(void *unused) {
  (void)unused;
  if (!atomic_load(&upcalls.ended))
    (*upcalls.jvm)->DetachCurrentThread(upcalls.jvm);
}

/* The lowest address of this thread's stack; 0 if it cannot be had. */
static uintptr_t stack_end(void) {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    return 0;
  void *lowest = NULL;
  size_t size = 0;
  size_t guard = 0;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_getguardsize(&attributes, &guard);
  pthread_attr_destroy(&attributes);
  return lowest == NULL ? 0 : (uintptr_t)lowest + guard;
}

/* How far down this thread's stack may be; 0 if there is no memory to attach it. */
static uintptr_t attach(void) {
  uintptr_t end = stack_end();
  /* First: what is attached must be detached, and this may fail. */
  if (end == 0 || pthread_setspecific(upcalls.lowest, (void *)(end + stack_needed)) != 0)
    return 0;
  JavaVMAttachArgs arguments = {.version = JNI_VERSION_10};
  void *environment;
  if ((*upcalls.jvm)->AttachCurrentThreadAsDaemon(upcalls.jvm, &environment, &arguments) == JNI_OK)
    return end + stack_needed;
  pthread_setspecific(upcalls.lowest, NULL);
  return 0;
}

/* Whether this thread may call Java: DVDI_ACCEPTED, or why not. */
static int32_t enter(void) {
  if (atomic_load(&upcalls.ended))
    return DVDI_CLOSED;
  uintptr_t lowest = (uintptr_t)pthread_getspecific(upcalls.lowest);
  if (lowest == 0)
    lowest = attach();
  if (lowest == 0)
    return DVDI_OUT_OF_MEMORY;
  return (uintptr_t)__builtin_frame_address(0) < lowest ? DVDI_NO_STACK : DVDI_ACCEPTED;
}

static int32_t recover(uint64_t call, const struct dvdi_string *containers, size_t containers_count) {
  int32_t refused = enter();
  return refused != DVDI_ACCEPTED ? refused : upcalls.java.recover(call, containers, containers_count);
}

static int32_t prepare(uint64_t call, const struct dvdi_container *container) {
  int32_t refused = enter();
  if (refused != DVDI_ACCEPTED)
    return refused;
  char reason[1024];
  if (dvdi_is_within_bounds(container, &(struct dvdi_error){reason, sizeof reason}))
    return upcalls.java.prepare(call, container);
  upcalls.host->complete(call, &(struct dvdi_answer){.failed = 1, .failure = {reason, strlen(reason)}});
  return DVDI_ACCEPTED;
}

static int32_t cleanup(uint64_t call, const struct dvdi_string *container) {
  int32_t refused = enter();
  return refused != DVDI_ACCEPTED ? refused : upcalls.java.cleanup(call, container);
}

static int32_t usage(uint64_t call, const struct dvdi_string *container) {
  int32_t refused = enter();
  return refused != DVDI_ACCEPTED ? refused : upcalls.java.usage(call, container);
}

static int32_t watch(uint64_t call, const struct dvdi_string *container) {
  int32_t refused = enter();
  return refused != DVDI_ACCEPTED ? refused : upcalls.java.watch(call, container);
}

static int32_t close_module(uint64_t call) {
  int32_t refused = enter();
  return refused != DVDI_ACCEPTED ? refused : upcalls.java.close(call);
}

bool dvdi_guard_upcalls(JavaVM *jvm, const struct dvdi_host *host, const struct dvdi_module *java,
                        struct dvdi_module *module, struct dvdi_error *error) {
  /* A module that was refused may be opened again. */
  if (upcalls.jvm == NULL && pthread_key_create(&upcalls.lowest, detach) != 0)
    return dvdi_fail(error, "The process has no thread-specific data key left (pthread_key_create).");
  upcalls.jvm = jvm;
  upcalls.host = host;
  upcalls.java = *java;
  *module = (struct dvdi_module){.version = DVDI_VERSION,
                                 .recover = recover,
                                 .prepare = prepare,
                                 .cleanup = cleanup,
                                 .usage = usage,
                                 .watch = watch,
                                 .close = close_module};
  return true;
}

void dvdi_end_upcalls(void) {
  atomic_store(&upcalls.ended, true);
}
