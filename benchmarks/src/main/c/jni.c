/* SPDX-License-Identifier: Apache-2.0 */
/* jni.c - the same calls as boundary.h, made with JNI: the native methods of io.dvdi.boundary.Jni. */
#include <jni.h>

#include "boundary.h"

static jmethodID next;
static jmethodID take;

static jint nothing(JNIEnv *env, jclass class, jint number) {
  (void)env;
  (void)class;
  return boundary_nothing(number);
}

static jint get_process(JNIEnv *env, jclass class, jint number) {
  (void)env;
  (void)class;
  return boundary_getpid(number);
}

static jint look(JNIEnv *env, jclass class, jint number) {
  (void)env;
  (void)class;
  return boundary_statx(number);
}

static jint repeat(JNIEnv *env, jclass class, jint count) {
  jint number = 0;
  for (jint i = 0; i < count; i++) {
    number = (*env)->CallStaticIntMethod(env, class, next, number & 1);
  }
  return number;
}

static jint length(JNIEnv *env, jclass class, jstring text) {
  (void)class;
  const char *bytes = (*env)->GetStringUTFChars(env, text, NULL);
  if (bytes == NULL) {
    return -1; /* with an exception: there is no memory */
  }
  jint result = boundary_length(bytes);
  (*env)->ReleaseStringUTFChars(env, text, bytes);
  return result;
}

static jint send_text(JNIEnv *env, jclass class, jint size, jint count) {
  const char *bytes = boundary_text(size);
  jint sum = 0;
  for (jint i = 0; i < count; i++) {
    jstring text = (*env)->NewStringUTF(env, bytes);
    if (text == NULL) {
      return -1;
    }
    sum += (*env)->CallStaticIntMethod(env, class, take, text);
    (*env)->DeleteLocalRef(env, text);
  }
  return sum;
}

/* Registered, so that no name of a function depends on the package of the class. */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
  (void)reserved;
  JNIEnv *env = NULL;
  if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK) {
    return JNI_ERR;
  }
  jclass class = (*env)->FindClass(env, "io/dvdi/boundary/Jni");
  if (class == NULL) {
    return JNI_ERR;
  }
  static char int_to_int[] = "(I)I";
  static char text_to_int[] = "(Ljava/lang/String;)I";
  static char ints_to_int[] = "(II)I";
  next = (*env)->GetStaticMethodID(env, class, "next", int_to_int);
  take = next == NULL ? NULL : (*env)->GetStaticMethodID(env, class, "take", text_to_int);
  if (take == NULL) {
    return JNI_ERR;
  }
  static char names[][8] = {"nothing", "getpid", "statx", "repeat", "length", "send"};
  const JNINativeMethod methods[] = {
      {names[0], int_to_int, (void *)nothing}, {names[1], int_to_int, (void *)get_process},
      {names[2], int_to_int, (void *)look},    {names[3], int_to_int, (void *)repeat},
      {names[4], text_to_int, (void *)length}, {names[5], ints_to_int, (void *)send_text},
  };
  return (*env)->RegisterNatives(env, class, methods, sizeof methods / sizeof *methods) == 0 ? JNI_VERSION_1_8
                                                                                             : JNI_ERR;
}
