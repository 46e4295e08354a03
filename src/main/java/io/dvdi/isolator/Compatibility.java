// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

/**
 * What the operator wants to be as in mesos-module-dvdi, or more lenient. Each has a parameter of
 * its own, and is off by default.
 *
 * @param lenient variables that ask for nothing are ignored rather than refused
 * @param anyCase names that differ only in upper and lower case are one volume
 */
public record Compatibility(boolean lenient, boolean anyCase) {
  /** Everything is off. */
  public static final Compatibility NONE = new Compatibility(false, false);
}
