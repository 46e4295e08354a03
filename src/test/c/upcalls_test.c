/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls Java while memory, stack or threads are short, and after its end: upcalls_test CASE JAVA_HOME
 * [PARAMETER=VALUE...]. The jars are beside this program: those of the stand-in in the C tests, the real ones in
 * UpcallsIT. A Throwable that left an upcall would end this process.
 */
#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <time.h>

#include "../../main/c/entry/dvdi_entry.h"
#include "check.h"

enum { CALLS = 100000 };

static struct dvdi_module module;
static atomic_uint_fast64_t last_call;
static atomic_int answers[CALLS];
static char failures[CALLS][256];

static void log_to_stderr(int32_t level, const struct dvdi_string *text) {
  fprintf(stderr, "%d %.*s\n", (int)level, (int)text->size, text->data);
}

static void complete(uint64_t call, const struct dvdi_answer *answer) {
  CHECK(call > 0 && call < CALLS);
  if (answer->failed)
    snprintf(failures[call], sizeof failures[call], "%.*s", (int)answer->failure.size, answer->failure.data);
  CHECK(atomic_fetch_add(&answers[call], 1) == 0);
}

static void ignore(int32_t metric, int64_t value) {
  (void)metric;
  (void)value;
}

static const struct dvdi_host host = {
    .version = DVDI_VERSION, .log = log_to_stderr, .complete = complete, .measure = ignore};

static void wait_for_answer(uint64_t call) {
  for (int i = 0; i < 12000 && atomic_load(&answers[call]) == 0; i++)
    nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
  CHECK(atomic_load(&answers[call]) == 1);
}

static struct dvdi_string text(const char *of) {
  return (struct dvdi_string){of, strlen(of)};
}

/* A container with one tmpfs of the driver local. */
static int32_t prepare(uint64_t call, const char *id, const char *sandbox) {
  const struct dvdi_entry variables[] = {{text("DVDI_VOLUME_NAME"), text(id)},
                                         {text("DVDI_VOLUME_DRIVER"), text("local")},
                                         {text("DVDI_VOLUME_OPTS"), text("type=tmpfs,o=size=1m")}};
  const struct dvdi_container container = {
      .id = text(id), .sandbox = text(sandbox), .environment = variables, .environment_count = 3};
  return module.prepare(call, &container);
}

enum { PREPARE, CLEANUP, USAGE, WATCH, FUNCTIONS };

/* One of these functions, with a new call number in `call`. */
static int32_t call_one(unsigned function, uint64_t *call) {
  *call = ++last_call;
  const struct dvdi_string id = text("nobody");
  switch (function % FUNCTIONS) {
    case PREPARE:
      return prepare(*call, "hungry", "/");
    case CLEANUP:
      return module.cleanup(*call, &id);
    case USAGE:
      return module.usage(*call, &id);
    default:
      return module.watch(*call, &id);
  }
}

static void recover(void) {
  uint64_t call = ++last_call;
  CHECK(module.recover(call, NULL, 0) == DVDI_ACCEPTED);
  wait_for_answer(call);
}

static JNIEnv *attach(void) {
  void *library = dlopen("libjvm.so", RTLD_NOW | RTLD_NOLOAD);
  CHECK(library != NULL);
  jint(JNICALL * list)(JavaVM **, jsize, jsize *);
  void *address = dlsym(library, "JNI_GetCreatedJavaVMs");
  CHECK(address != NULL);
  memcpy(&list, &address, sizeof list);
  JavaVM *jvm;
  jsize count;
  CHECK(list(&jvm, 1, &count) == JNI_OK && count == 1);
  void *env;
  CHECK((*jvm)->AttachCurrentThreadAsDaemon(jvm, &env, NULL) == JNI_OK);
  return env;
}

static jobject kept[1 << 20];
static size_t kept_count;

/* Until there is no room for the smallest object. */
static void fill_heap(JNIEnv *env) {
  for (jsize size = 1 << 20;; size /= 2) {
    jobject array;
    while ((array = (*env)->NewLongArray(env, size)) != NULL) {
      CHECK(kept_count < sizeof kept / sizeof kept[0]);
      kept[kept_count++] = (*env)->NewGlobalRef(env, array);
      (*env)->DeleteLocalRef(env, array);
    }
    (*env)->ExceptionClear(env);
    if (size == 0)
      return;
  }
}

static void empty_heap(JNIEnv *env) {
  while (kept_count > 0)
    (*env)->DeleteGlobalRef(env, kept[--kept_count]);
}

static pthread_t start(void *(*body)(void *), void *argument, size_t stack) {
  pthread_attr_t attributes;
  CHECK(pthread_attr_init(&attributes) == 0);
  if (stack > 0)
    CHECK(pthread_attr_setstacksize(&attributes, stack) == 0);
  pthread_t thread;
  CHECK(pthread_create(&thread, &attributes, body, argument) == 0);
  pthread_attr_destroy(&attributes);
  return thread;
}

static void *make_call(void *code) {
  uint64_t call;
  *(int32_t *)code = call_one(USAGE, &call);
  return NULL;
}

static int32_t code_on_new_thread(size_t stack) {
  int32_t code = -1;
  CHECK(pthread_join(start(make_call, &code, stack), NULL) == 0);
  return code;
}

/* HotSpot would abort the process. */
static void a_thread_that_cannot_be_attached_is_refused(void) {
  JNIEnv *env = attach();
  fill_heap(env);
  CHECK(code_on_new_thread(0) == DVDI_OUT_OF_MEMORY);
  empty_heap(env);
  CHECK(code_on_new_thread(0) == DVDI_ACCEPTED);
}

/* Uses up this thread's stack down to `left` bytes, and calls. */
static __attribute__((noinline)) int32_t code_with_stack(char *lowest, size_t left) {
  volatile char used[1024];
  used[0] = 0;
  uint64_t call;
  int32_t code = (size_t)((char *)__builtin_frame_address(0) - lowest) > left ? code_with_stack(lowest, left)
                                                                              : call_one(USAGE, &call);
  return used[0] == 0 ? code : -1;
}

static void *exhaust_stack(void *unused) {
  pthread_attr_t attributes;
  CHECK(pthread_getattr_np(pthread_self(), &attributes) == 0);
  void *lowest;
  size_t size;
  CHECK(pthread_attr_getstack(&attributes, &lowest, &size) == 0);
  pthread_attr_destroy(&attributes);
  /* HotSpot's own zones are of about 100 KiB: with less, the thread overflows on the way into Java. */
  static const size_t left[] = {400, 250, 150, 110, 100, 90, 64, 32};
  for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
    int32_t code = code_with_stack(lowest, left[i] * 1024);
    CHECK(code == (i == 0 ? DVDI_ACCEPTED : DVDI_NO_STACK));
  }
  CHECK(code_with_stack(lowest, 400 * 1024) == DVDI_ACCEPTED);
  return unused;
}

static void a_call_without_stack_is_refused(void) {
  CHECK(code_on_new_thread(128 * 1024) == DVDI_NO_STACK);
  CHECK(pthread_join(start(exhaust_stack, NULL, 1024 * 1024), NULL) == 0);
}

static pthread_barrier_t turn;

static void *call_and_end_later(void *unused) {
  uint64_t call;
  CHECK(call_one(USAGE, &call) == DVDI_ACCEPTED);
  pthread_barrier_wait(&turn);
  pthread_barrier_wait(&turn);
  return unused;
}

/* Also on threads that the JVM does not know, and a thread that has called Java can end. */
static void calls_after_the_end_are_refused(void) {
  CHECK(pthread_barrier_init(&turn, NULL, 2) == 0);
  pthread_t caller = start(call_and_end_later, NULL, 0);
  pthread_barrier_wait(&turn);
  uint64_t call = ++last_call;
  CHECK(module.close(call) == DVDI_ACCEPTED);
  wait_for_answer(call);
  CHECK(dvdi_end(60000) == 0);
  for (unsigned i = 0; i < FUNCTIONS; i++)
    CHECK(call_one(i, &call) == DVDI_CLOSED);
  CHECK(module.recover(++last_call, NULL, 0) == DVDI_CLOSED);
  CHECK(module.close(++last_call) == DVDI_CLOSED);
  CHECK(code_on_new_thread(0) == DVDI_CLOSED);
  pthread_barrier_wait(&turn);
  CHECK(pthread_join(caller, NULL) == 0);
}

static void what_is_too_large_is_answered_without_java(void) {
  static struct dvdi_entry variables[700000];
  for (size_t i = 0; i < 700000; i++)
    variables[i] = (struct dvdi_entry){text("DVDI_VOLUME_NAME"), text("x")};
  const struct dvdi_container container = {
      .id = text("large"), .sandbox = text("/"), .environment = variables, .environment_count = 700000};
  uint64_t call = ++last_call;
  CHECK(module.prepare(call, &container) == DVDI_ACCEPTED);
  CHECK(atomic_load(&answers[call]) == 1);
  CHECK_SAYS(failures[call], "has 700000 variables whose names start with DVDI_VOLUME_; at most 256 are possible");
}

static atomic_bool hungry = true;

static void *keep_heap_full(void *unused) {
  JNIEnv *env = attach();
  while (atomic_load(&hungry)) {
    fill_heap(env);
    nanosleep(&(struct timespec){.tv_nsec = 1000 * 1000}, NULL);
  }
  empty_heap(env);
  return unused;
}

enum { HUNGRY_CALLS = 16 };

static void clean_up(const char *id) {
  const struct dvdi_string container = text(id);
  const uint64_t call = ++last_call;
  CHECK(module.cleanup(call, &container) == DVDI_ACCEPTED);
  wait_for_answer(call);
}

/* Waits for the answers to all calls that were accepted. */
static void *call_with_full_heap(void *unused) {
  uint64_t accepted[HUNGRY_CALLS] = {0};
  char ids[HUNGRY_CALLS][32];
  for (unsigned i = 0; i < HUNGRY_CALLS; i++) {
    uint64_t call = 0;
    int32_t code;
    if (i % FUNCTIONS == PREPARE) {
      call = ++last_call;
      snprintf(ids[i], sizeof ids[i], "hungry-%u", (unsigned)call);
      code = prepare(call, ids[i], "/");
    } else {
      code = call_one(i, &call);
    }
    if (code != DVDI_ACCEPTED && code != DVDI_OUT_OF_MEMORY)
      fprintf(stderr, "function %u: %s\n", i % FUNCTIONS, dvdi_refusal(code));
    CHECK(code == DVDI_ACCEPTED || code == DVDI_OUT_OF_MEMORY);
    accepted[i] = code == DVDI_ACCEPTED ? call : 0;
  }
  pthread_barrier_wait(&turn); /* all calls were made */
  pthread_barrier_wait(&turn); /* there is memory */
  for (unsigned i = 0; i < HUNGRY_CALLS; i++) {
    if (accepted[i] != 0)
      wait_for_answer(accepted[i]);
    if (i % FUNCTIONS == PREPARE)
      clean_up(ids[i]);
  }
  return unused;
}

static void a_task_has_its_volume(const char *id) {
  uint64_t call = ++last_call;
  CHECK(prepare(call, id, "/") == DVDI_ACCEPTED);
  wait_for_answer(call);
  CHECK_SAYS(failures[call][0] == '\0' ? "it has its volume" : failures[call], "it has its volume");
  clean_up(id);
}

/* Also in an agent that has not run a task yet: much of the module is loaded while the heap is full. */
static void a_full_heap_fails_calls_and_nothing_else(void) {
  enum { CALLERS = 4 };
  CHECK(pthread_barrier_init(&turn, NULL, CALLERS + 1) == 0);
  pthread_t filler = start(keep_heap_full, NULL, 0);
  pthread_t callers[CALLERS];
  for (int i = 0; i < CALLERS; i++)
    callers[i] = start(call_with_full_heap, NULL, 0);
  pthread_barrier_wait(&turn);
  atomic_store(&hungry, false);
  CHECK(pthread_join(filler, NULL) == 0);
  pthread_barrier_wait(&turn);
  for (int i = 0; i < CALLERS; i++)
    CHECK(pthread_join(callers[i], NULL) == 0);
  a_task_has_its_volume("innocent");
}

/* Root has no such limit. */
static void limit_threads(void) {
  struct rlimit none = {0, 0};
  CHECK(setrlimit(RLIMIT_NPROC, &none) == 0);
  CHECK(setresuid(61234, 61234, 61234) == 0);
}

static void at_the_limit_of_threads_a_call_fails_and_the_end_is_in_order(void) {
  limit_threads();
  int refused = 0;
  uint64_t first = last_call + 1;
  /* More than there are idle threads. */
  for (int i = 0; i < 100; i++) {
    char id[32];
    snprintf(id, sizeof id, "c%d", i);
    uint64_t call = ++last_call;
    int32_t code = prepare(call, id, "/");
    CHECK(code == DVDI_ACCEPTED || code == DVDI_NO_THREAD);
    atomic_store(&answers[call], code == DVDI_NO_THREAD ? 1 : answers[call]);
    refused += code == DVDI_NO_THREAD;
  }
  for (uint64_t i = first; i <= last_call; i++)
    wait_for_answer(i);
  CHECK(refused > 0);
  uint64_t call = ++last_call;
  CHECK(module.close(call) == DVDI_ACCEPTED);
  wait_for_answer(call);
  CHECK(dvdi_end(10000) == 0);
}

static void a_class_that_cannot_be_loaded_fails_the_call(const char *jar) {
  CHECK(truncate(jar, 100) == 0);
  bool not_loaded = false;
  for (unsigned i = 0; i < FUNCTIONS; i++) {
    uint64_t call;
    int32_t code = call_one(i, &call);
    CHECK(code == DVDI_ACCEPTED || code == DVDI_NOT_LOADED);
    not_loaded = not_loaded || code == DVDI_NOT_LOADED;
  }
  CHECK(not_loaded);
}

int main(int count, char **arguments) {
  CHECK(count >= 3);
  const char *name = arguments[1];
  signal(SIGPIPE, SIG_IGN);
  unsetenv("JAVA_TOOL_OPTIONS");
  unsetenv("_JAVA_OPTIONS");
  struct dvdi_entry parameters[16] = {{text("java_home"), text(arguments[2])}};
  size_t parameters_count = 1;
  const char *jar = NULL;
  for (int i = 3; i < count; i++) {
    char *equals = strchr(arguments[i], '=');
    CHECK(equals != NULL);
    *equals = '\0';
    if (strcmp(arguments[i], "jar") == 0) {
      jar = equals + 1;
    } else {
      parameters[parameters_count++] = (struct dvdi_entry){text(arguments[i]), text(equals + 1)};
    }
  }
  static char reason[8192];
  if (dvdi_open(&host, parameters, parameters_count, &module, reason, sizeof reason) != 0)
    fprintf(stderr, "%s\n", reason);
  CHECK(reason[0] == '\0');
  if (strcmp(name, "not-loaded") != 0)
    recover(); /* after which all classes are loaded */
  if (strcmp(name, "attach") == 0) {
    a_thread_that_cannot_be_attached_is_refused();
  } else if (strcmp(name, "stack") == 0) {
    a_call_without_stack_is_refused();
  } else if (strcmp(name, "ended") == 0) {
    calls_after_the_end_are_refused();
  } else if (strcmp(name, "bounds") == 0) {
    what_is_too_large_is_answered_without_java();
  } else if (strcmp(name, "full-heap") == 0) {
    a_full_heap_fails_calls_and_nothing_else();
  } else if (strcmp(name, "threads") == 0) {
    at_the_limit_of_threads_a_call_fails_and_the_end_is_in_order();
  } else {
    CHECK(strcmp(name, "not-loaded") == 0 && jar != NULL);
    a_class_that_cannot_be_loaded_fails_the_call(jar);
  }
  puts("done");
  return 0;
}
