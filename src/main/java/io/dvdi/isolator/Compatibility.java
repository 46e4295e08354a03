// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.volume.RequestRules;

/**
 * What the operator wants as mesos-module-dvdi has it, or beyond it. Each is a parameter of its
 * own, and changes nothing unless it is asked for.
 *
 * @param slots how many slots the variables of a task have
 * @param lenient variables that ask for nothing are passed over rather than refused
 * @param anyCase names that differ in upper and lower case only are one volume
 * @param makesTmpPaths an absolute container path below /tmp that does not exist is made
 */
public record Compatibility(int slots, boolean lenient, boolean anyCase, boolean makesTmpPaths) {
  /** Nothing is asked for. */
  public static final Compatibility NONE =
      new Compatibility(RequestRules.SLOTS, false, false, false);
}
