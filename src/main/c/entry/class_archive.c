/* SPDX-License-Identifier: Apache-2.0 */
#include "class_archive.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool dvdi_find_class_archive(const struct dvdi_start *start, char archive[DVDI_ARCHIVE_PATH]) {
  size_t length = strlen(start->java_modules);
  bool is_own = strncmp(start->java->home, start->java_modules, length) == 0 &&
                strcmp(start->java->home + length, "/runtime") == 0;
  snprintf(archive, DVDI_ARCHIVE_PATH, "%s/dvdi.jsa", start->java_modules);
  return is_own && access(archive, R_OK) == 0;
}

/* A system property; NULL if it cannot be had. */
static jstring property(JNIEnv *env, const char *name) {
  jclass system = (*env)->FindClass(env, "java/lang/System");
  jmethodID get = NULL;
  if (system != NULL)
    get = (*env)->GetStaticMethodID(env, system, "getProperty", "(Ljava/lang/String;)Ljava/lang/String;");
  jstring key = get != NULL ? (*env)->NewStringUTF(env, name) : NULL;
  return key != NULL ? (jstring)(*env)->CallStaticObjectMethod(env, system, get, key) : NULL;
}

bool dvdi_uses_class_archive(JNIEnv *env) {
  /* As `java -version` prints it: "mixed mode, sharing". */
  jstring info = property(env, "java.vm.info");
  const char *text = NULL;
  if (info != NULL && !(*env)->ExceptionCheck(env))
    text = (*env)->GetStringUTFChars(env, info, NULL);
  (*env)->ExceptionClear(env);
  /* If memory is short, other messages say so. */
  bool uses = text == NULL || strstr(text, "sharing") != NULL;
  if (text != NULL)
    (*env)->ReleaseStringUTFChars(env, info, text);
  return uses;
}
