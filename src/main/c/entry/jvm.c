/* SPDX-License-Identifier: Apache-2.0 */
#include "jvm.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "class_archive.h"
#include "crash.h"
#include "dvdi_entry.h"
#include "host_state.h"
#include "jvm_options.h"
#include "jvm_words.h"
#include "upcalls.h"
#include "work.h"

/* A JVM is up in a tenth of a second; this is for a machine that is overloaded beyond use. */
static const unsigned start_deadline = 60 * 1000;

typedef jint(JNICALL *create_function)(JavaVM **, void **, void *);
typedef jint(JNICALL *list_function)(JavaVM **, jsize, jsize *);

static struct {
  JavaVM *jvm;
  bool spent;  /* a start failed in such a way that another one cannot succeed */
  bool ending; /* dvdi_end was called */
  const struct dvdi_host *host;
} process;

JavaVM *dvdi_jvm(void) {
  return process.jvm;
}

void dvdi_give_up_jvm(void) {
  process.jvm = NULL;
  process.spent = true;
}

/* One call of JNI_CreateJavaVM. On the heap, since it may still run when nobody waits for it any more. */
struct creation {
  create_function create;
  struct dvdi_jvm_options list;
  jint result;
  JavaVM *jvm;
  bool uses_class_archive;
};

/*
 * The JVM ends the process when it fails late in its start, for example because the heap is too large for the machine,
 * and when it fails at its end, for example because there is no room for an archive of its classes. It calls these
 * hooks before that. A hook that does not return keeps the process alive: the thread is parked for good, together with
 * what there is of a JVM, and dvdi_open or dvdi_end returns an error.
 */
static void keep_host_alive(void) {
  if (dvdi_abandon_work()) {
    for (;;)
      pause();
  }
}

static void JNICALL on_abort(void) {
  if (!dvdi_is_crash())
    keep_host_alive();
  dvdi_log(process.host, DVDI_ERROR, "This process failed and ends now. The JVM's report is on standard error.");
  dvdi_crash_as_without_jvm();
}

static void JNICALL on_exit_of_jvm(jint status) {
  keep_host_alive();
  dvdi_log(process.host, DVDI_ERROR, "The JVM ends this process now with status %d.", (int)status);
}

static void create(void *argument) {
  struct creation *creation = argument;
  JavaVMInitArgs arguments = {.version = JNI_VERSION_10,
                              .nOptions = creation->list.count,
                              .options = creation->list.options,
                              .ignoreUnrecognized = JNI_FALSE};
  void *environment;
  creation->result = creation->create(&creation->jvm, &environment, &arguments);
  if (creation->result != JNI_OK)
    return;
  creation->uses_class_archive = dvdi_uses_class_archive(environment);
  /* The JVM does not need its first thread; later calls come from the host's threads, which it attaches by itself. */
  (*creation->jvm)->DetachCurrentThread(creation->jvm);
}

/* dlsym(3): the way that POSIX gives to get a function's pointer out of a void *. */
static bool find_function(void *library, const char *name, void *function, struct dvdi_error *error) {
  void *address = dlsym(library, name);
  if (address == NULL) {
    return dvdi_fail(error,
                     "The JVM's library lacks a function: %s. Set another Java with the module parameter java_home.",
                     dlerror());
  }
  memcpy(function, &address, sizeof address);
  return true;
}

/* HotSpot can be in a process once only. Another module of the host may have been first. */
static bool no_other_jvm(struct dvdi_error *error) {
  void *library = dlopen("libjvm.so", RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
  if (library == NULL)
    return true;
  list_function list = NULL;
  jsize count = 0;
  bool found = find_function(library, "JNI_GetCreatedJavaVMs", &list, error);
  if (found)
    list(NULL, 0, &count);
  dlclose(library);
  if (found && count > 0) {
    return dvdi_fail(error,
                     "Another module has already started a JVM in this process, and a process can have only one. Load "
                     "only one of these modules.");
  }
  return found;
}

static bool load(const struct dvdi_java *java, create_function *create_jvm, struct dvdi_error *error) {
  /* By its absolute path: libjvm finds the rest of its home from there, without LD_LIBRARY_PATH. */
  void *library = dlopen(java->libjvm, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    return dvdi_fail(error,
                     "Cannot load the JVM: %s. It must be for the same processor and C library as this process; set "
                     "another Java with the module parameter java_home.",
                     dlerror());
  }
  return find_function(library, "JNI_CreateJavaVM", create_jvm, error);
}

static const char *meaning(jint result) {
  switch (result) {
    case JNI_ENOMEM:
      return "memory is short";
    case JNI_EINVAL:
      return "an option is wrong";
    case JNI_EVERSION:
      return "it does not support the requested version of JNI";
    case JNI_EEXIST:
      return "there is one in this process already";
    default:
      return "it gives no reason";
  }
}

static bool explain(enum dvdi_outcome outcome, jint result, const struct dvdi_start *start, struct dvdi_error *error) {
  const struct dvdi_java *java = start->java;
  char words[DVDI_LAST_WORDS];
  dvdi_last_words(words);
  const char *said = words[0] != '\0' ? words : "nothing; see the standard error of this process";
  switch (outcome) {
    case DVDI_WORK_NO_THREAD:
      return dvdi_fail(error, "Cannot make the thread that starts the JVM: %s. Raise the limit of threads or memory.",
                       strerror(errno));
    case DVDI_WORK_LATE:
      process.spent = true;
      return dvdi_fail(error,
                       "The JVM of %s (Java %s) did not start within %u s. It said: %s. Check the load of the machine, "
                       "then restart this process.",
                       java->home, java->version, start_deadline / 1000, said);
    case DVDI_WORK_ABANDONED:
      process.spent = true;
      return dvdi_fail(error,
                       "The JVM of %s (Java %s) gave up while it started. It said: %s. Correct the module parameter "
                       "jvm_options, the memory that this process may use, or the jars in %s, and restart this "
                       "process.",
                       java->home, java->version, said, start->java_modules);
    default:
      return dvdi_fail(error,
                       "The JVM of %s (Java %s) did not start: %s. It said: %s. Correct the module parameter "
                       "jvm_options.",
                       java->home, java->version, meaning(result), said);
  }
}

/* In most cases, the JVM has told its own reason before. */
static void tell_unused_archive(const struct dvdi_start *start) {
  char archive[DVDI_ARCHIVE_PATH];
  if (!dvdi_find_class_archive(start, archive))
    return;
  dvdi_log(start->host, DVDI_WARNING,
           "The JVM started without its class archive %s, which was made for the installed files and the built-in JVM "
           "options. Only the start takes longer. Remove options from the module parameter jvm_options, or install the "
           "package again.",
           archive);
}

static bool run_creation(struct creation *creation, const struct dvdi_start *start, struct dvdi_error *error) {
  dvdi_hear_jvm(start->host);
  struct dvdi_host_state state;
  dvdi_save_host_state(&state);
  dvdi_hide_crash_handlers();
  enum dvdi_outcome outcome = dvdi_run_work(create, creation, start_deadline);
  int cause = errno;
  dvdi_follow_crashes();
  dvdi_restore_host_state(&state);
  errno = cause;
  /* Of work that never ends nothing may be touched or freed. */
  jint result = outcome == DVDI_WORK_DONE ? creation->result : JNI_ERR;
  bool created = outcome == DVDI_WORK_DONE && result == JNI_OK;
  if (created)
    process.jvm = creation->jvm;
  if (created && !creation->uses_class_archive)
    tell_unused_archive(start);
  if (!created)
    explain(outcome, result, start, error);
  if (outcome == DVDI_WORK_DONE || outcome == DVDI_WORK_NO_THREAD) {
    dvdi_free_jvm_options(&creation->list);
    free(creation);
  }
  return created;
}

/*
 * A JVM in any process reads these variables, and options in _JAVA_OPTIONS override all others. They cannot be removed
 * here: other threads may read the environment at the same time. JDK_JAVA_OPTIONS is read by the program `java` only.
 */
static bool no_options_in_environment(struct dvdi_error *error) {
  static const char *const names[] = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const char *value = getenv(names[i]);
    if (value != NULL && value[0] != '\0') {
      return dvdi_fail(error,
                       "The variable %s is set in the environment of this process, and would change the isolator's "
                       "JVM. Start this process without it (systemd: UnsetEnvironment=%s), and put options for this "
                       "JVM into the module parameter jvm_options.",
                       names[i], names[i]);
    }
  }
  return true;
}

bool dvdi_start_jvm(const struct dvdi_start *start, struct dvdi_error *error) {
  if (process.spent) {
    return dvdi_fail(error,
                     "An earlier start of the JVM failed in this process, and a process cannot start a JVM "
                     "again after that. Restart this process.");
  }
  if (!no_options_in_environment(error))
    return false;
  struct creation *creation = calloc(1, sizeof *creation);
  if (creation == NULL)
    return dvdi_fail(error, "No memory to start the JVM.");
  process.host = start->host;
  static const struct dvdi_jvm_hooks hooks = {on_exit_of_jvm, on_abort};
  if (!no_other_jvm(error) || !load(start->java, &creation->create, error)) {
    free(creation);
    return false;
  }
  if (!dvdi_list_jvm_options(&hooks, start, &creation->list)) {
    free(creation);
    return dvdi_fail(error, "No memory to start the JVM.");
  }
  return run_creation(creation, start, error);
}

static void destroy(void *unused) {
  (void)unused;
  (*process.jvm)->DestroyJavaVM(process.jvm);
}

int dvdi_end(unsigned milliseconds) {
  if (process.jvm == NULL)
    return 0;
  process.ending = true;
  dvdi_end_upcalls();
  enum dvdi_outcome outcome = dvdi_run_work(destroy, NULL, milliseconds);
  process.jvm = NULL;
  process.spent = true;
  switch (outcome) {
    case DVDI_WORK_DONE:
      return 0;
    case DVDI_WORK_NO_THREAD:
      dvdi_log(process.host, DVDI_WARNING,
               "No thread can be started to end the JVM (%s). It ends together with this process.", strerror(errno));
      return 0;
    case DVDI_WORK_LATE:
      dvdi_log(process.host, DVDI_WARNING, "The JVM did not end within %u ms. It ends together with this process.",
               milliseconds);
      return 0;
    default:
      dvdi_log(process.host, DVDI_ERROR,
               "The JVM failed while it ended; the lines above and standard error say why. It ends together with this "
               "process.");
      return 1;
  }
}
