// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

/** Throws what a signature does not allow, as a linker or a virtual machine does. */
final class ScriptedThrow {
  private ScriptedThrow() {}

  /** Never returns; the result type lets a caller write {@code throw sneak(…)}. */
  @SuppressWarnings("unchecked")
  static <T extends Throwable> RuntimeException sneak(Throwable throwable) throws T {
    throw (T) throwable;
  }
}
