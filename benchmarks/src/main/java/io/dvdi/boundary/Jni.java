// SPDX-License-Identifier: Apache-2.0
package io.dvdi.boundary;

import io.dvdi.benchmarks.BuiltPrograms;

/** What jni.c does: the same as boundary.h, by JNI. It exists for these benchmarks alone. */
final class Jni {
  static {
    load();
  }

  private Jni() {}

  @SuppressWarnings("restricted") // loading C is what this class is for
  private static void load() {
    System.load(BuiltPrograms.folder().resolve("libboundary.so").toString());
  }

  /** Returns number + 1. */
  static native int nothing(int number);

  /** Calls getpid(2), and adds a number. */
  static native int getpid(int number);

  /** Calls statx(2) of the root folder, and adds a number. */
  static native int statx(int number);

  /** Has C call {@link #next} this many times. */
  static native int repeat(int count);

  /** The length of a text in bytes, which C counts. */
  static native int length(String text);

  /** Has C send a text of {@code size} bytes to {@link #take} this many times. */
  static native int send(int size, int count);

  /** Called from C. */
  static int next(int number) {
    return number + 1;
  }

  /** Called from C. */
  static int take(String text) {
    return text.length();
  }
}
