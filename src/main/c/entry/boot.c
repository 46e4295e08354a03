/* SPDX-License-Identifier: Apache-2.0 */
#include "boot.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jvm.h"
#include "upcalls.h"
#include "work.h"

/* Java makes its upcall stubs in less than half a second; this is for a machine that is overloaded beyond use. */
static const unsigned boot_deadline = 60 * 1000;

/* One boot. On the heap, with copies of all that Java reads, since it may outlast the wait for it. */
struct boot {
  JavaVM *jvm;
  struct dvdi_boot call;
  struct dvdi_module module;
  struct dvdi_entry *parameters;
  bool booted;
  char failure[4096];
};

static void free_boot(struct boot *boot) {
  for (size_t i = 0; boot->parameters != NULL && i < boot->call.parameters_count; i++) {
    free((char *)(uintptr_t)boot->parameters[i].name.data);
    free((char *)(uintptr_t)boot->parameters[i].value.data);
  }
  free(boot->parameters);
  free(boot);
}

static bool copy_string(struct dvdi_string *to, const struct dvdi_string *from) {
  char *data = malloc(from->size + 1);
  if (data == NULL)
    return false;
  if (from->size > 0)
    memcpy(data, from->data, from->size);
  *to = (struct dvdi_string){data, from->size};
  return true;
}

static struct boot *new_boot(JavaVM *jvm, const struct dvdi_host *host, const struct dvdi_entry *parameters,
                             size_t count) {
  struct boot *boot = calloc(1, sizeof *boot);
  if (boot == NULL)
    return NULL;
  boot->jvm = jvm;
  boot->parameters = calloc(count + 1, sizeof *boot->parameters);
  boot->call = (struct dvdi_boot){.version = DVDI_VERSION,
                                  .host = host,
                                  .parameters = boot->parameters,
                                  .parameters_count = count,
                                  .module = &boot->module,
                                  .error = boot->failure,
                                  .error_size = sizeof boot->failure};
  bool copied = boot->parameters != NULL;
  for (size_t i = 0; copied && i < count; i++) {
    copied = copy_string(&boot->parameters[i].name, &parameters[i].name) &&
             copy_string(&boot->parameters[i].value, &parameters[i].value);
  }
  if (!copied) {
    free_boot(boot);
    return NULL;
  }
  return boot;
}

/* Takes the pending exception, and says what it is in the words of its toString. */
static void describe_exception(JNIEnv *env, struct dvdi_error *error) {
  jthrowable thrown = (*env)->ExceptionOccurred(env);
  (*env)->ExceptionClear(env);
  const char *words = NULL;
  jstring text = NULL;
  jclass object = thrown != NULL ? (*env)->FindClass(env, "java/lang/Object") : NULL;
  jmethodID to_string = object != NULL ? (*env)->GetMethodID(env, object, "toString", "()Ljava/lang/String;") : NULL;
  if (to_string != NULL)
    text = (jstring)(*env)->CallObjectMethod(env, thrown, to_string);
  if (text != NULL && !(*env)->ExceptionCheck(env))
    words = (*env)->GetStringUTFChars(env, text, NULL);
  (*env)->ExceptionClear(env);
  dvdi_fail(error,
            "The isolator's Java side did not boot: %s. The jars and the shared library must have the same version; "
            "install both from one release.",
            words != NULL ? words : "an exception that cannot be described");
  if (words != NULL)
    (*env)->ReleaseStringUTFChars(env, text, words);
}

static bool is_complete(const struct dvdi_module *module, struct dvdi_error *error) {
  if (module->version != DVDI_VERSION) {
    return dvdi_fail(error,
                     "The jars have version %u of the contract between C and Java, and the shared library has version "
                     "%u. Install both from one release.",
                     (unsigned)module->version, (unsigned)DVDI_VERSION);
  }
  if (module->recover == NULL || module->prepare == NULL || module->cleanup == NULL || module->usage == NULL ||
      module->watch == NULL || module->close == NULL) {
    return dvdi_fail(error,
                     "The isolator's Java side booted, but functions are missing. This is a bug. "
                     "Install the jars and the shared library from one release.");
  }
  return true;
}

static void call_boot(JNIEnv *env, struct boot *boot) {
  struct dvdi_error error = {boot->failure, sizeof boot->failure};
  jclass type = (*env)->FindClass(env, "io/dvdi/module/Boot");
  jmethodID method = type != NULL ? (*env)->GetStaticMethodID(env, type, "boot", "(J)I") : NULL;
  jint result = 1;
  if (method != NULL) {
    result = (*env)->CallStaticIntMethod(env, type, method, (jlong)(uintptr_t)&boot->call);
  }
  if ((*env)->ExceptionCheck(env)) {
    describe_exception(env, &error);
    return;
  }
  boot->failure[sizeof boot->failure - 1] = '\0';
  boot->booted = result == 0;
  if (!boot->booted && boot->failure[0] == '\0') {
    dvdi_fail(&error,
              "The isolator's Java side did not boot, and gave no reason. This is a bug. See the "
              "log and the standard error of this process.");
  }
  boot->booted = boot->booted && is_complete(&boot->module, &error);
  if (boot->booted)
    dvdi_rehearse_upcalls(&boot->module);
}

static void run_boot(void *argument) {
  struct boot *boot = argument;
  struct dvdi_error error = {boot->failure, sizeof boot->failure};
  JavaVMAttachArgs arguments = {.version = JNI_VERSION_10, .name = (char[]){"dvdi boot"}, .group = NULL};
  void *env;
  jint attached = (*boot->jvm)->AttachCurrentThreadAsDaemon(boot->jvm, &env, &arguments);
  if (attached != JNI_OK) {
    dvdi_fail(&error,
              "Cannot attach a thread to the JVM (JNI error %d), because memory is short. Raise -Xmx with the "
              "module parameter jvm_options.",
              (int)attached);
    return;
  }
  call_boot(env, boot);
  (*boot->jvm)->DetachCurrentThread(boot->jvm);
}

bool dvdi_boot_java(JavaVM *jvm, const struct dvdi_host *host, const struct dvdi_entry *parameters, size_t count,
                    struct dvdi_module *module, struct dvdi_error *error) {
  struct boot *boot = new_boot(jvm, host, parameters, count);
  if (boot == NULL)
    return dvdi_fail(error, "No memory to boot the isolator's Java side.");
  enum dvdi_outcome outcome = dvdi_run_work(run_boot, boot, boot_deadline);
  if (outcome == DVDI_WORK_ABANDONED || outcome == DVDI_WORK_LATE) {
    dvdi_give_up_jvm();
    return dvdi_fail(error,
                     "The isolator's Java side %s. See the log and the standard error of this process, then "
                     "restart it.",
                     outcome == DVDI_WORK_LATE ? "did not boot within a minute" : "ended the JVM while it booted");
  }
  bool booted = outcome == DVDI_WORK_DONE && boot->booted;
  if (outcome == DVDI_WORK_NO_THREAD) {
    dvdi_fail(error, "Cannot make the thread that boots the isolator's Java side: %s. Raise the limit of threads.",
              strerror(errno));
  } else if (!booted) {
    dvdi_fail(error, "%s", boot->failure);
  }
  if (booted)
    booted = dvdi_guard_upcalls(jvm, host, &boot->module, module, error);
  free_boot(boot);
  return booted;
}
