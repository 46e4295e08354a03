// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import io.dvdi.volume.RequestRules;

/**
 * What the operator wants to be as in mesos-module-dvdi, or more lenient. Each has a parameter of
 * its own, and is off by default.
 *
 * @param slots how many slots the variables of a task have
 * @param lenient variables that ask for nothing are ignored rather than refused
 * @param anyCase names that differ only in upper and lower case are one volume
 * @param makesTmpPaths an absolute container path below /tmp is made if it does not exist
 */
public record Compatibility(int slots, boolean lenient, boolean anyCase, boolean makesTmpPaths) {
  /** Everything is off. */
  public static final Compatibility NONE =
      new Compatibility(RequestRules.SLOTS, false, false, false);
}
